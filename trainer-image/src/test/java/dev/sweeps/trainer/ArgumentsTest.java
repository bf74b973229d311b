package dev.sweeps.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final List<String> REQUIRED =
            List.of("--model_name_or_path=m", "--task_name=RTE", "--data_dir", "d", "--output_dir=o", "--do_train");

    @Test
    void theTutorialsCommandLineIsRead() {
        Arguments arguments = parse(
                "--learning_rate=0.00003",
                "--per_gpu_train_batch_size=16",
                "--num_train_epochs",
                "4",
                "--weight_decay=.01",
                "--no_cuda");
        assertThat(arguments.learningRate()).isEqualTo(3e-5);
        assertThat(arguments.trainBatchSize()).isEqualTo(16);
        assertThat(arguments.epochs()).isEqualTo(4);
        assertThat(arguments.weightDecay()).isEqualTo(0.01);
        assertThat(arguments.noCuda()).isTrue();
        assertThat(arguments.taskName()).isEqualTo("rte");
    }

    @Test
    void defaultsAreThoseOfRunGlue() {
        Arguments arguments = parse();
        assertThat(arguments.learningRate()).isEqualTo(5e-5);
        assertThat(arguments.epochs()).isEqualTo(3);
        assertThat(arguments.maxSequenceLength()).isEqualTo(128);
        assertThat(arguments.loggingSteps()).isEqualTo(500);
        assertThat(arguments.seed()).isEqualTo(42);
        assertThat(arguments.evaluate()).isFalse();
    }

    @Test
    void booleansAreTakenAsPythonPrintsThem() {
        assertThat(parse("--no_cuda=True").noCuda()).isTrue();
        assertThat(parse("--no_cuda=False").noCuda()).isFalse();
    }

    @Test
    void theLaterNameOfAFlagIsKnown() {
        assertThat(parse("--per_device_train_batch_size=4").trainBatchSize()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--lerning_rate=1 | --lerning_rate is not a flag of this trainer; the nearest is --learning_rate, and --help lists all",
                "--learning_rate=big | --learning_rate is \"big\"; use a number, such as 5e-5",
                "--learning_rate=NaN | --learning_rate is \"NaN\"; use a number, such as 5e-5",
                "--learning_rate=-1 | --learning_rate is -1; use a number above 0",
                "--seed=1.5 | --seed is \"1.5\"; use a whole number",
                "--no_cuda=maybe | --no_cuda is \"maybe\"; use True or False",
                "--logging_steps=0 | --logging_steps is 0; use 1 or more",
                "--optimizer=sgd | --optimizer is \"sgd\"; use adamw_hf or adamw_torch",
                "--lr_scheduler_type=step | --lr_scheduler_type is \"step\"; use linear or cosine or constant",
                "--micro_batch_size=0 | --micro_batch_size is \"0\"; use auto or a whole number of 1 or more",
                "--warmup_ratio=1.5 | --warmup_ratio is 1.5; use a share of the steps, from 0 to 1",
                "--weight_decay=-1 | --weight_decay is -1; use 0 or more",
                "--gradient_accumulation_steps=0 | --gradient_accumulation_steps is 0; use 1 or more",
                "--seed | --seed needs a value: seed of new weights, dropout and the order of the data",
                "oops | \"oops\" belongs to no flag; flags are written --name value or --name=value"
            })
    void whatIsWrongIsOneSentence(String word, String sentence) {
        TrainingException problem = catchThrowableOfType(TrainingException.class, () -> parse(word));
        assertThat(problem).hasMessage(sentence);
        assertThat(problem.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theWarmUpIsGivenInStepsOrAsAShare() {
        assertThat(parse("--warmup_steps=7", "--warmup_ratio=0.5").warmupSteps(100))
                .isEqualTo(7);
        assertThat(parse("--warmup_ratio=0.06").warmupSteps(101)).isEqualTo(7);
        assertThat(parse().warmupSteps(100)).isZero();
    }

    @Test
    void linesOfMetricsAreCountedFromTheOneBefore() {
        Arguments arguments = parse("--logging_steps=5", "--logging_first_step");
        assertThat(java.util.stream.IntStream.rangeClosed(1, 12).filter(arguments::logsAfter))
                .containsExactly(1, 5, 10);
        assertThat(new int[] {arguments.logBefore(1), arguments.logBefore(5), arguments.logBefore(10)})
                .containsExactly(0, 1, 5);
        assertThat(parse("--logging_steps=5").logBefore(5)).isZero();
    }

    @Test
    void whatDecidesTheNumbersDecidesTheFingerprint() {
        assertThat(parse("--checkpoint_dir=a", "--output_dir=b").fingerprint()).isEqualTo(parse().fingerprint());
        assertThat(parse("--seed=1").fingerprint()).isNotEqualTo(parse().fingerprint());
        assertThat(parse("--data_dir=other").fingerprint()).isNotEqualTo(parse().fingerprint());
    }

    @Test
    void flagsOfRunGlueThatHaveNothingToDoHereAreTaken() {
        assertThat(parse("--overwrite_cache", "--logging_dir=x", "--save_total_limit", "1")
                        .seed())
                .isEqualTo(42);
    }

    @Test
    void aMissingFlagIsNamed() {
        assertThat(catchThrowableOfType(TrainingException.class, () -> Arguments.parse(List.of("--do_train"))))
                .hasMessage("--model_name_or_path is missing: folder of the model, or its id on the Hugging Face Hub");
    }

    private static Arguments parse(String... more) {
        List<String> words = new ArrayList<>(REQUIRED);
        words.addAll(List.of(more));
        return Arguments.parse(words);
    }
}
