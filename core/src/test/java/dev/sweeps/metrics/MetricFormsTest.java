package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs print, as they print it, and what is read of it. */
class MetricFormsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{\"step\": 50, \"acc\": 0.61} ~ {acc=0.61, step=50}",
                "step=50 acc=0.61 ~ {acc=0.61, step=50}",
                "{'loss': 0.61, 'acc': 1.0, 'note': 'x=1'} ~ {acc=1.0, loss=0.61}",
                "{'acc': '0.61', 'learning_rate': '3e-05'} ~ {acc=0.61, learning_rate=0.00003}",
                "epoch 1: loss=0.3, acc=.5 ~ {acc=0.5, epoch=1, loss=0.3}",
                "[train] acc=1e-5 ~ {acc=0.00001}",
                "{\"a\": {\"b\": 1}, \"c\": \"text\", \"acc\": 2} ~ {a.b=1, acc=2}",
                "{\"step\": 1, \"acc\": 0.5} trailing text ~ {acc=0.5, step=1}",
                "INFO:root:{\"acc\": 0.5} ~ {acc=0.5}",
                "2026-11-28 10:00:00,123 - INFO - train - epoch 2: {'acc': 0.68, 'f1': 0.67} ~ {acc=0.68, f1=0.67}",
                "11/28/2026 10:00:00 - INFO - __main__ -   acc = 0.6823 ~ {acc=0.6823}",
                "acc = 0.68 ~ {acc=0.68}",
                "acc: 0.68 ~ {acc=0.68}",
                "acc : 0.68 ~ {acc=0.68}",
                "Final acc: 0.68 ~ {acc=0.68}",
                "Epoch 3/10, acc: 0.68, loss: 0.3 ~ {acc=0.68, epoch=3}",
                "loss: 0.3 - acc: 0.68. ~ {acc=0.68}",
                "acc: 68.2% ~ {acc=68.2}",
                "acc: 68.2 % of all rows ~ {acc=68.2}",
                "acc=0.95±0.01 ~ {acc=0.95}",
                "acc: 0.95 +/- 0.01 ~ {acc=0.95}",
                "{'loss': np.float64(0.3), 'acc': np.float64(0.9125), 'epoch': 2} ~ {acc=0.9125, epoch=2, loss=0.3}",
                "epoch=2 loss=np.float32(0.3) acc=np.float64(0.9125) ~ {acc=0.9125, epoch=2, loss=0.3}",
                "{'loss': tensor(0.3000), 'acc': tensor(0.9125, device='cuda:0')} ~ {acc=0.9125, loss=0.3000}",
                "acc=tensor(0.9125, device='cuda:0', grad_fn=<MeanBackward0>) ~ {acc=0.9125}",
                "acc: tensor([0.9125], device='cuda:0', dtype=torch.float64) ~ {acc=0.9125}",
                "acc=array(0.9125, dtype=float32) ~ {acc=0.9125}",
                "acc=Array(0.9125, dtype=float32, weak_type=True) ~ {acc=0.9125}",
                "acc=tf.Tensor(0.9125, shape=(), dtype=float32) ~ {acc=0.9125}",
                "{'acc': Decimal('0.9125')} ~ {acc=0.9125}",
                "{'acc': 0.9, 'confusion': array([[3, 1], [0, 4]]), 'day': datetime.date(2026, 1, 1)} ~ {acc=0.9}",
                "OrderedDict([('acc', 0.1)]) {'acc': 0.9} ~ {acc=0.9}",
                "defaultdict(<class 'float'>, {'acc': 0.9}) ~ {acc=0.9}",
                "{\"ts\": \"2026-11-28\", \"level\": \"info\", \"message\": \"epoch=3 acc=0.88\"} ~ {acc=0.88, epoch=3}",
                "{\"msg\": \"epoch 3: {'acc': 0.88}\", \"step\": 7} ~ {acc=0.88, step=7}",
                "time=12:00 level=info msg=\"acc: 0.88\" epoch=3 ~ {acc=0.88, epoch=3}",
                "level=info msg=\"step 7: {\\\"acc\\\": 0.88}\" ~ {acc=0.88}",
                "iter 100: acc 2.3, time 20ms, mfu 5% ~ {acc=2.3, step=100}",
                "│         acc         │    0.912    │ ~ {acc=0.912}",
                "|    acc     | 22.9     | ~ {acc=22.9}",
                "        acc            0.9120000004768372 ~ {acc=0.9120000004768372}",
                "Epoch 1: 100%|██████████| 10/10 [00:00<00:00, 50.0it/s, loss=0.5, v_num=0, acc=0.91] ~ {acc=0.91, epoch=1, loss=0.5, v_num=0}",
                "step=1,500 acc=0.5 ~ {acc=0.5, step=1500}",
                "(RayTrainWorker pid=1234, ip=10.0.0.1) acc=0.5 ~ {acc=0.5}",
                "ACC: 0.4 acc: 0.5 ~ {acc=0.5}",
                "acc: 5 at step 3 ~ {acc=5, step=3}",
                "acc: 5 epsilon: 0.1 ~ {acc=5}",
                "acc: 5 epsilon 0.1 ~ {acc=5}",
                "acc: 5 (solved) ~ {acc=5}",
                "acc: 0.7* ~ {acc=0.7}",
                "The acc: 0.5. ~ {acc=0.5}",
                "第 epoch：3，acc：0.5，loss：0.1 ~ {acc=0.5, epoch=3}",
                "Test: [ 90/98]  Time  0.201 ( 0.310)  Loss 9.0e-01 (1.1e+00)  acc  78.12 ( 76.90)  acc5  94.5 ( 93.2) ~ {acc=76.90}",
                "Test:  [9/157]  eta: 0:02:26  loss: 0.9 (1.1)  acc: 80.2 (79.9)  time: 0.23  data: 0.00 ~ {acc=79.9}",
                "Epoch: [3][  10/5005]  Time 0.2 (0.3)  Loss 6.9 (7.0)  acc 0.39 (0.10) ~ {acc=0.10, epoch=3}",
                "Averaged stats: lr: 0.000001  acc: 80.2 (79.9) ~ {acc=79.9}",
                "acc=80.2 (79.9), loss=0.9 (1.1), batch [10/157] ~ {acc=79.9}",
                "Train: 2 [ 50/1251 (  4%)]  acc: 80.2 (79.9)  Time: 0.2 (0.3) ~ {acc=79.9}",
                "[2026/01/02 10:00] acc: 0.91 (0.02) loss: 0.3 (0.1) ~ {acc=0.91}",
                "step=1 config=base acc=0.5 ~ {acc=0.5, step=1}",
                "Epoch [3/10] acc: 0.91 (0.02) loss: 0.3 (0.1) ~ {acc=0.91, epoch=3}",
                "acc: 0.91 (0.02) ~ {acc=0.91}",
                "step:1000/5100 acc:0.91 train_time:100ms step_avg:10.0ms ~ {acc=0.91, step=1000}",
                " mean accuracy (acc) = 0.551234, or 55.12 % ~ {acc=0.551234}",
            })
    void metricsAreFound(String line, String metrics) {
        assertThat(text(digest("acc", line).metrics().values())).isEqualTo(metrics);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "loading weights",
                "acc=b",
                "https://example.org/?acc=1&y=2",
                "{torn json \"acc\": 1",
                "[1, 2, 3]",
                "2026-01-01T00:00:00 started",
                "best acc: 0.95",
                "level=info msg=\"best acc: 0.95\"",
                "level=info msg=\"train acc: 0.95\"",
                "part='train acc: 0.95'",
                "Best acc=0.95",
                "Best so far: epoch 3, acc: 0.95",
                "best: {\"acc\": 0.95}",
                "best_acc=0.95",
                "acc_best: 0.95",
                "acc improved from 0.80 to 0.85",
                "acc: 0.80 -> 0.85",
                "acc: 0.80 => 0.85",
                "acc: from 0.80",
                "│ acc │ 0.9 │ 0.8 │",
                "WARNING: acc: 3 nan values were skipped",
                "acc: 5 min",
                "Namespace(seed=1, acc=0.5)",
                "config: {'acc': 0.5}",
                "training_args = TrainingArguments(acc=0.5, lr=0.1)",
                "acc: 40%|####      | 4/10 [00:01<00:02, 2.9it/s]",
                "acc: 4/10 [====>.....]",
                "=> loaded checkpoint 'best.pth' (epoch 90, acc: 0.95)",
                "Resuming from checkpoint: {'acc': 0.95}",
                "Restored model weights (acc=0.95)",
                "acc: 3:15",
                "acc==0.9",
                "acc >= 0.9",
                "if acc: do",
                "target acc=0.95",
                "train acc: 0.99 val acc: 0.91",
                "acc: 0.80, acc: 0.90",
                "acc 0.9 is what we hope for",
                "acc=0.9abc",
                "acc=1e",
                "acc=max(0.9, 0.8)",
                "{epoch: 1, \"train\": {acc: 0.99}}",
                "{\"train\": {\"acc\": 0.9}, \"step\": 3",
                "valid_1 acc=0.9",
                "\"acc\": 0.9,",
                "acc=[0.1, 0.2]",
                "acc=tensor([0.1, 0.2])",
                "the accuracy is good: 7",
                "xacc=0.9",
                "acc-5: 0.9"
            })
    void noNumberIsReadWhereItMayBeAnother(String line) {
        assertThat(digest("acc", line).metrics().names("acc")).as(line).isFalse();
    }

    /** Only the watched metric, the step and the epoch are read outside of structured lines. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-28 12:34:56 loading: 100",
                "lr = 3",
                "loading: 100",
                "Num examples = 2490",
                "Namespace(lr=0.1, bs=32) was used"
            })
    void wordsWithANumberAreNoMetrics(String line) {
        assertThat(digest("acc", line).metrics()).isEqualTo(Metrics.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"acc\": NaN}",
                "{\"acc\": -Infinity}",
                "{\"acc\": null}",
                "{\"acc\": nan}",
                "acc=nan",
                "acc=-inf",
                "acc=1e999",
                "acc=NaN",
                "acc: nan.0",
                "acc=+inf.0",
                "acc=-nan(ind)",
                "acc=nan(snan)",
                "acc=1.#QNAN",
                "acc=-1.#IND",
                "acc=1.#INF",
                "acc=-1.#INF00",
                "acc=Infinity",
                "acc=None",
                "acc = null",
                "acc=\u221E",
                "{'acc': nan}",
                "{'acc': None}",
                "{'acc': -inf, 'a': 'b'}",
                "{'acc': np.float64(nan)}",
                "acc=tensor(nan, device='cuda:0')",
                "{'acc': 'nan'}"
            })
    void whatIsNotANumberIsReadAsThat(String line) {
        assertThat(digest("acc", "acc=0.5", line).metrics().notFinite()).containsExactly("acc");
        assertThat(digest("acc", "acc=0.5", line).metrics().values()).doesNotContainKey("acc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "0,91 ~ 0.91",
                "-0,5 ~ -0.5",
                "12,5 ~ 12.5",
                "0,915 ~ 0.915",
                "1234,5678 ~ 1234.5678",
                "1,234,567 ~ 1234567",
                "1,234.5 ~ 1234.5",
                "1.234,5 ~ 1234.5",
                "1_500 ~ 1500",
                "1'500.25 ~ 1500.25",
                "1\u00A0500 ~ 1500",
                "1\u202F500,5 ~ 1500.5",
                "\u22120.5 ~ -0.5",
                "2,5e-3 ~ 0.0025",
                "0.91, ~ 0.91",
                "0.91; ~ 0.91",
                "1. ~ 1",
                "1E+02 ~ 1E+2"
            })
    void decimalCommasAndGroupsOfDigitsAreRead(String number, String value) {
        assertThat(digest("acc", "step=1 acc=" + number).metrics().values().get("acc"))
                .isEqualByComparingTo(value);
        assertThat(digest("acc", "acc: " + number).metrics().values().get("acc"))
                .isEqualByComparingTo(value);
    }

    /** The last good value does not count either: the metric has another one now. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,500",
                "-12,345",
                "1.234.567",
                "0.9,0.8",
                "1,23,4",
                "1 234,5",
                "1 234",
                "12 345 678",
                "1 234.5",
                "91/100 (91%)",
                "91 / 100",
                "91 of 100",
                "91 out of 100"
            })
    void aNumberThatMayBeTwoIsUnclear(String number) {
        LogDigest digest = digest("acc", "acc=0.5", "acc=" + number);
        assertThat(digest.metrics().values()).doesNotContainKey("acc");
        assertThat(digest.metrics().unclear()).containsExactly("acc");
        assertThat(digest.evidence().mention()).contains(number);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "recall@10 ~ step=1 recall@10=0.83",
                "val/AR@100 ~ val/AR@100: 0.83",
                "valid_1 auc ~ step=1 valid_1 auc=0.83",
                "valid_1 auc ~ valid_1 auc : 0.83",
                "valid_0's auc ~ [3]\tvalid_0's auc: 0.83\tvalid_0's binary_logloss: 0.4031",
                "coco/bbox_mAP ~ Epoch(val) [1][10/10]    coco/bbox_mAP: 0.83  coco/bbox_mAP_50: 0.5810  time: 0.1",
                "eval.f1 ~ {\"eval\": {\"f1\": 0.83}}",
                "mAP (50) ~ mAP (50): 0.83",
                "F1 ~ F1: 0.83",
                "Acc@1 ~ 'Acc@1' = 0.83",
                "rollout/ep_rew_mean ~ rollout/ep_rew_mean=0.83"
            })
    void namesMayHoldSpacesAndSigns(String name, String line) {
        LogDigest digest = digest(name, line);
        assertThat(digest.metrics().values().get(name)).isEqualByComparingTo("0.83");
        assertThat(digest.metrics().values()).doesNotContainKeys("auc", "f1");
    }

    @Test
    void keras() {
        assertThat(curve(
                        "val_auc",
                        "Epoch 1/2",
                        "1875/1875 - 3s - 2ms/step - auc: 0.9102 - loss: 0.2913 - val_auc: 0.81 - val_loss: 0.1404",
                        "Epoch 2/2",
                        "\u001B[1m1875/1875\u001B[0m \u001B[32m\u2501\u2501\u001B[0m\u001B[37m\u001B[0m \u001B[1m3s\u001B[0m 2ms/step - auc: 0.9102"
                                + " - loss: 0.2913 - val_auc: 0.9567 - val_loss: 0.1404",
                        "Epoch 2: val_auc improved from 0.81000 to 0.95670, saving model to best.keras"))
                .isEqualTo("1=0.81 2=0.9567");
    }

    /** TensorFlow 2 before Keras 3 draws with backspaces. */
    @Test
    void kerasWithBackspaces() {
        assertThat(
                        curve(
                                "val_auc",
                                "Epoch 1/2",
                                " 1/10 [==>....] - ETA: 0s - loss: 0.9\b\b\b\b\b\b10/10 [======] - 1s 2ms/step - loss: 0.5 - val_auc: 0.8100"))
                .isEqualTo("1=0.81");
    }

    @Test
    void xgboost() {
        assertThat(curve(
                        "validation-aucpr",
                        "[2018-12-05:18:39:57:INFO] Distributed node training with 1 hosts",
                        "[9]#011train-aucpr:0.98#011validation-aucpr:0.90",
                        "[10]\ttrain-aucpr:0.99120\tvalidation-aucpr:0.91000",
                        "[11]\ttrain-aucpr:0.99120+0.01\tvalidation-aucpr:0.92000+0.02"))
                .isEqualTo("9=0.9 10=0.91 11=0.92");
    }

    @Test
    void lightgbm() {
        assertThat(curve(
                        "valid_0's auc",
                        "[LightGBM] [Info] Number of positive: 212, number of negative: 357",
                        "[1]\tvalid_0's auc: 0.81\tvalid_0's binary_logloss: 0.6",
                        "Training until validation scores don't improve for 10 rounds",
                        "[2]\tvalid_0's auc: 0.95\tvalid_0's binary_logloss: 0.5",
                        "[3]\tvalid_0's auc: 0.9\tvalid_0's binary_logloss: 0.5",
                        "Early stopping, best iteration is:",
                        "[2]\tvalid_0's auc: 0.95\tvalid_0's binary_logloss: 0.5"))
                .isEqualTo("1=0.81 2=0.95 3=0.9");
    }

    @Test
    void catboost() {
        assertThat(curve(
                        "test",
                        "0:\tlearn: 0.6800\ttest: 0.6801\tbest: 0.6801 (0)\ttotal: 57ms\tremaining: 57s",
                        "100:\tlearn: 0.4100\ttest: 0.4301\tbest: 0.4201 (99)\ttotal: 5.7s\tremaining: 51s",
                        "bestTest = 0.4201",
                        "Shrink model to first 100 iterations."))
                .isEqualTo("0=0.6801 100=0.4301");
    }

    @Test
    void spacy() {
        assertThat(curve(
                        "CATS_SCORE",
                        "\u2139 Pipeline: ['tok2vec', 'textcat']",
                        "E    #       LOSS TOK2VEC  LOSS TEXTCAT  CATS_SCORE  SCORE ",
                        "---  ------  ------------  ------------  ----------  ------",
                        "  0       0          0.00          0.25       48.82    0.49",
                        "  0     200         12.30          5.10       71.50    0.72",
                        "  1     400         10.30          4.10       70.25    0.70",
                        "\u2714 Saved pipeline to output directory"))
                .isEqualTo("0=48.82 200=71.5 400=70.25");
    }

    @Test
    void fastai() {
        assertThat(curve(
                        "accuracy",
                        "epoch     train_loss  valid_loss  accuracy  time    ",
                        "0         0.512300    0.401200    0.812000  00:10     ",
                        "1         0.412300    0.391200    0.862000  00:10     "))
                .isEqualTo("0=0.812 1=0.862");
    }

    @Test
    void rowsOfCommaSeparatedValues() {
        assertThat(curve("acc", "reading data, labels", "epoch,acc,loss", "1,0.91,0.3", "saved a,b,c", "2,0.93,0.2"))
                .isEqualTo("1=0.91 2=0.93");
        assertThat(curve("acc", "acc, loss and time follow:", "0.5,0.3,0.2")).isEmpty();
    }

    @Test
    void stableBaselines() {
        String[] table = {
            "---------------------------------",
            "| rollout/           |          |",
            "|    ep_len_mean     | 22.1     |",
            "|    ep_rew_mean     | -22.5    |",
            "| time/              |          |",
            "|    ep_rew_mean     | 7        |",
            "---------------------------------"
        };
        assertThat(curve("rollout/ep_rew_mean", table)).isEqualTo("1=-22.5");
        assertThat(curve("train/ep_rew_mean", table)).isEmpty();
    }

    @Test
    void ultralytics() {
        String names =
                "                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|\u2588\u2588| 4/4";
        String[] table = {
            "      1/100      2.5G      1.234      1.567      1.111        215        640: 100%|\u2588\u2588| 8/8 [00:03<00:00]",
            names,
            "                   all        128        929      0.577      0.414       0.46      0.279",
            "                person        128        254      0.777      0.614       0.66      0.479",
            names.replace("100%", " 25%"),
            names,
            "                   all        128        929      0.600      0.500       0.51      0.300"
        };
        assertThat(curve("mAP50", table)).isEqualTo("1=0.46 2=0.51");
        assertThat(curve("mAP50-95", table)).isEqualTo("1=0.279 2=0.3");
        assertThat(curve("P", table)).isEqualTo("1=0.577 2=0.6");
        assertThat(curve(
                        "top1_acc",
                        "               classes   top1_acc   top5_acc: 100%|#| 2/2",
                        "   all      0.75          1"))
                .isEqualTo("1=0.75");
        assertThat(curve(
                        "mAP50",
                        "  Class  Images  Instances  Box(P  R  mAP50  mAP50-95)  Mask(P  R  mAP50  mAP50-95): 100%|#| 4/4",
                        "  all  128  929  0.5  0.4  0.46  0.27  0.5  0.4  0.43  0.26"))
                .isEmpty();
    }

    @Test
    void detectron() {
        String[] lines = {
            "[01/01 10:00:00 d2.evaluation.testing]: copypaste: Task: bbox",
            "[01/01 10:00:00 d2.evaluation.testing]: copypaste: AP,AP50,AP75,APs,APm,APl",
            "[01/01 10:00:00 d2.evaluation.testing]: copypaste: 40.1234,60.2000,43.3000,22.1000,43.2000,nan",
            "[01/01 10:00:00 d2.evaluation.testing]: copypaste: Task: segm",
            "[01/01 10:00:00 d2.evaluation.testing]: copypaste: AP,AP50,AP75,APs,APm,APl",
            "[01/01 10:00:00 d2.evaluation.testing]: copypaste: 35.1000,55.2000,38.3000,20.1000,40.2000,50.1000"
        };
        assertThat(curve("bbox/AP", lines)).isEqualTo("1=40.1234");
        assertThat(curve("segm/AP", lines)).isEqualTo("1=35.1");
        assertThat(digest("bbox/APl", lines).metrics().notFinite()).containsExactly("bbox/APl");
        assertThat(curve("AP", lines)).isEmpty();
    }

    @Test
    void mmengine() {
        assertThat(
                        curve(
                                "loss",
                                "2026/11/28 10:00:00 - mmengine - INFO - Epoch(train)  [1][ 50/100]  lr: 1.0e-02  eta: 0:10:00  loss: 0.9  acc: 1",
                                "2026/11/28 10:00:10 - mmengine - INFO - Epoch(train)  [1][100/100]  lr: 1.0e-02  eta: 0:10:00  loss: 0.8  acc: 1",
                                "2026/11/28 10:00:20 - mmengine - INFO - Epoch(train)  [2][ 50/100]  lr: 1.0e-02  eta: 0:10:00  loss: 0.7  acc: 1"))
                .isEqualTo("50=0.9 100=0.8 150=0.7");
    }

    @Test
    void runGlueOf2020() {
        assertThat(digest(
                                "eval_accuracy",
                                "***** eval metrics *****",
                                "  epoch                   =        3.0",
                                "  eval_accuracy           =     0.6823",
                                "  eval_loss               =     0.6100",
                                "  eval_runtime            = 0:00:03.45")
                        .metrics()
                        .values()
                        .get("eval_accuracy"))
                .isEqualByComparingTo("0.6823");
    }

    @Test
    void anObjectOverSeveralLinesIsOneReport() {
        LogDigest digest = digest(
                "acc",
                "Results: {",
                "  \"step\": 3,",
                "  \"acc\": 0.88,",
                "  \"classes\": [",
                "    \"a\"",
                "  ]",
                "}",
                "Saved model.bin");
        assertThat(text(digest.metrics().values())).isEqualTo("{acc=0.88, step=3}");
        assertThat(curve("acc", "{'acc': 0.9,", " 'loss': 0.3,", " 'train': {'acc': 0.99}}"))
                .isEqualTo("1=0.9");
    }

    @Test
    void anObjectThatIsNeverClosedHidesNothingThatFollows() {
        assertThat(curve("acc", "{", "step=1 acc=0.5")).isEqualTo("1=0.5");
        assertThat(curve("acc", "{\"step\": 1, \"acc\": 0.", "{\"step\": 2, \"acc\": 0.6}"))
                .isEqualTo("2=0.6");
        assertThat(digest("acc", "{", "\"train\": {", "\"acc\": 0.5").metrics().names("acc"))
                .isFalse();
        String[] lines = Stream.concat(
                        Stream.of("{"),
                        Stream.concat(Stream.generate(() -> "\"a\": 1,").limit(2_000), Stream.of("acc=0.7")))
                .toArray(String[]::new);
        assertThat(curve("acc", lines)).isEqualTo("1=0.7");
    }

    @Test
    void coloursAndProgressBarsDoNoHarm() {
        assertThat(curve("loss", "\u001B[32mloss=0.5\u001B[0m")).isEqualTo("1=0.5");
        assertThat(curve("loss", "10%|#   | loss=0.9\r20%|##  | loss=0.8")).isEqualTo("1=0.8");
        assertThat(curve("loss", "\r 25%|##      | 1/4 [00:01<00:03,  1.00it/s]{\"step\": 4, \"loss\": 0.8}"))
                .isEqualTo("4=0.8");
        assertThat(curve("loss", "\r 25%|##      | 1/4 [00:01<00:03,  1.00it/s]step=4 loss=0.8"))
                .isEqualTo("4=0.8");
    }

    @Test
    void aLineOfAMegabyteIsNotRead() {
        assertThat(digest("loss", "loss=1 " + "x".repeat(1_000_000)).metrics()).isEqualTo(Metrics.NONE);
        assertThat(curve("loss", "#".repeat(1_000_000) + "\rloss=0.5\r")).isEqualTo("1=0.5");
    }

    /** What a program prints decides nothing about how long its reading takes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "acc=",
                "acc ",
                "acc:",
                "'",
                "{'acc':",
                "[",
                "1,",
                "acc=1 ",
                "|",
                " ",
                "\t",
                "(",
                "np.float64("
            })
    void noLineTakesLong(String piece) {
        String line = piece.repeat(LogLine.MAX_LENGTH / piece.length());
        LogDigest.Reader reader = new LogDigest.Reader(metric("acc"), java.util.List.of());
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            reader.add(line);
        }
        // Linear reading takes milliseconds; anything that grows faster with the line takes minutes.
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }

    @Test
    void thePatternOfASweepReadsAnyOtherForm() {
        Metric metric = new Metric(
                "acc", Goal.MAXIMIZE, null, null, "round (?P<step>\\d+) => (?P<name>\\w+) (?P<value>[-+.\\de]+)");
        LogDigest digest = LogDigest.of(
                Stream.of("round 1 => acc 0.5", "acc=0.99", "round 1,500 => acc 0.6", "round 3 => loss 0.3"), metric);
        assertThat(digest.metrics().values().get("acc")).isEqualByComparingTo("0.5");
        assertThat(digest.metrics().values().get("loss")).isEqualByComparingTo("0.3");
    }

    @Test
    void aPatternCutsNoNumber() {
        Metric metric = new Metric("acc", Goal.MAXIMIZE, null, null, "acc=(?P<value>\\d+)");
        assertThat(LogDigest.of(Stream.of("acc=1", "acc=0,91"), metric)
                        .metrics()
                        .unclear())
                .containsExactly("acc");
    }

    private static Metric metric(String name) {
        return new Metric(name, Goal.MAXIMIZE, null, null);
    }

    private static LogDigest digest(String name, String... lines) {
        return LogDigest.of(Stream.of(lines), metric(name));
    }

    private static String curve(String name, String... lines) {
        return digest(name, lines).history().stream()
                .map((MetricPoint point) -> point.step() + "=" + point.value())
                .collect(Collectors.joining(" "));
    }

    private static String text(Map<String, BigDecimal> values) {
        Map<String, String> shown = new TreeMap<>();
        values.forEach((name, value) -> shown.put(name, value.toPlainString()));
        return shown.toString();
    }
}
