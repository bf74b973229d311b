package dev.sweeps.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Sweep files as editors, Python and other people write them. */
class ForeignFileTest {
    private static final String REST = "program: t.py\nmethod: grid\nmetric: {name: a}\n";

    @Test
    void jsonIsReadAsJson() {
        String json =
                "{\n\t\"program\": \"t.py\",\n\t\"method\": \"grid\",\n\t\"metric\": {\"name\": \"val/loss\",\t\"goal\": \"minimize\"},\n"
                        + "\t\"parameters\": {\"lr\": {\"values\": [1e-3, 1E-4, 0.010]}, \"note\": {\"value\": \"a\\/b \\u00e9\\ud83d\\ude00\"}}\n}";
        SweepFile file = SweepFile.read(json, "file");
        assertThat(file.manifest().at("/spec/parameters/note/value").asText()).isEqualTo("a/b \u00e9\uD83D\uDE00");
        assertThat(file.manifest().at("/spec/parameters/lr/values")).hasSize(3);
    }

    @Test
    void mistakesInJsonAreToldWithTheirLine() {
        assertThatThrownBy(() -> SweepFile.read("{\"method\": \"grid\",\n\t\"method\": \"random\"}", "f"))
                .hasMessageStartingWith("method (line 2, column")
                .hasMessageEndingWith("): occurs twice; remove one");
        assertThatThrownBy(() -> SweepFile.read("{\n\t\"method\": \"grid\"\n\t\"program\": \"t.py\"}", "f"))
                .hasMessageStartingWith("is no JSON (line 3,");
    }

    @Test
    void flowStyleAndTrailingCommasAreYaml() {
        assertThat(SweepFile.read(
                                "{program: t.py, method: grid, metric: {name: a}, parameters: {x: {values: [1, 2,]},},}",
                                "f")
                        .spec()
                        .parameters())
                .containsKey("x");
        assertThat(SweepFile.read(
                                "{\"program\": \"t.py\", \"method\": \"grid\", # mine\n\"parameters\": {\"x\": {\"value\": 1,},},}",
                                "f")
                        .spec()
                        .parameters())
                .containsKey("x");
    }

    @Test
    void tuplesOfPythonAreLists() {
        SweepFile file = SweepFile.read(
                REST
                        + "parameters:\n  backbone:\n    values:\n    - !!python/tuple\n      - RN50\n      - !!python/tuple [224, 224]\n"
                        + "  n: {value: !!python/int '3'}\n  s: {value: !!python/unicode 'x'}\n",
                "f");
        assertThat(file.manifest().at("/spec/parameters/backbone/values")).hasToString("[[\"RN50\",[224,224]]]");
        assertThat(file.manifest().at("/spec/parameters/n/value")).hasToString("3");
    }

    @Test
    void objectsOfPythonAreRefusedWithTheirFieldAndTheWayOut() {
        assertThatThrownBy(() -> SweepFile.read(
                        REST
                                + "parameters:\n  wd:\n    values:\n    - 0.0\n    - !!python/object/apply:numpy.core.multiarray.scalar\n"
                                + "      - !!python/object/apply:numpy.dtype\n        args: [f8]\n      - !!binary |\n        exSuR+F6hD8=\n",
                        "f"))
                .hasMessage(
                        "parameters.wd.values[1] (line 8): is !!python/object/apply:numpy.core.multiarray.scalar, which only the program"
                                + " that wrote it can read; write the plain number, text or list in its place");
        assertThatThrownBy(() -> SweepFile.read(REST + "parameters: {x: !mine {value: 1}}\n", "f"))
                .hasMessageStartingWith("parameters.x (line 4): is !mine,");
        assertThatThrownBy(() -> SweepFile.read(REST + "parameters: {x: {value: !!binary aGk=}}\n", "f"))
                .hasMessageStartingWith("parameters.x.value (line 4): is !!binary,");
    }

    @Test
    void anchorsThatContainThemselvesAreRefused() {
        assertThatThrownBy(() -> SweepFile.read(REST + "parameters: &p\n  x: {value: 1}\n  y: *p\n", "f"))
                .hasMessage("parameters.y (line 4): is an anchor that contains itself; write the values out");
        StringBuilder bomb = new StringBuilder(REST + "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
        }
        assertThatThrownBy(() -> SweepFile.read(bomb.toString(), "f")).isInstanceOf(InvalidFile.class);
    }

    @Test
    void keysThatAreThereTwiceAreToldWithBothLines() {
        assertThatThrownBy(() -> SweepFile.read(REST + "parameters:\n  lr: {value: 1}\n  lr: {value: 2}\n", "f"))
                .hasMessage("parameters.lr (line 6): occurs twice, in line 5 too; remove one");
        assertThatThrownBy(() -> SweepFile.read(REST + "parameters: {[1, 2]: {value: 1}}\n", "f"))
                .hasMessageStartingWith("parameters (line 4): has a list or a map for a key");
        assertThatThrownBy(() -> SweepFile.read(REST + "parameters: {x: {<<: 3}}\n", "f"))
                .hasMessageStartingWith("parameters.x.<< (line 4): is not a map");
    }

    @Test
    void whatIsNoYamlIsToldWithItsLine() {
        assertThatThrownBy(() -> SweepFile.read("method: grid\nparameters:\n\tlr: 1\n", "f"))
                .hasMessageStartingWith("is no YAML (line 3, column 1): found character '\\t(TAB)'");
        assertThatThrownBy(() -> SweepFile.read("a: 1\n---\nb: 2\n", "f"))
                .hasMessageStartingWith("holds 2 documents and no sweep");
        assertThatThrownBy(() -> SweepFile.read("", "f")).hasMessageStartingWith("holds no sweep");
    }

    @Test
    void messagesSpeakOfTheFieldsOfTheFile() {
        assertThatThrownBy(() -> SweepFile.read(
                        REST + "parameters: {x: {value: 1}}\nearly_terminate: {type: hyperband, min_iter: many}\n",
                        "f"))
                .hasMessage("early_terminate.min_iter: is many; write a number");
        SweepFile bare =
                SweepFile.read(REST + "parameters: {x: {value: 1}}\nearly_terminate: {type: hyperband}\n", "f");
        assertThat(dev.sweeps.validation.SweepValidator.validateWithoutCluster(bare.spec()).problems().stream()
                        .map(bare::inWordsOfTheFile))
                .containsExactly(
                        "early_terminate: has neither min_iter nor max_iter; give min_iter, or max_iter with s");
    }

    @Test
    void earlyStoppingThatIsNoMoreIsLeftOut() {
        SweepFile file = SweepFile.read(REST + "parameters: {x: {value: 1}}\nearly_terminate: {type: envelope}\n", "f");
        assertThat(file.spec().earlyTerminate()).isNull();
        assertThat(file.notes())
                .anySatisfy(note -> assertThat(note).startsWith("early_terminate.type: envelope has no counterpart"));
        assertThat(SweepFile.read(
                                REST
                                        + "parameters: {x: {value: 1}}\nearly_terminate: {type: hyperband, min_iter: 7, max_iter: 19, s: 2}\n",
                                "f")
                        .notes())
                .contains(
                        "early_terminate.min_iter: 7 has no effect beside max_iter and s, in W&B too; trials are compared at reports 2 and 6");
    }

    @Test
    void theWordsOfNewerVersionsAreImportedOrListed() {
        SweepFile file = SweepFile.read(
                "program: t.py\nmethod: custom\nmetrics: [{name: acc, goal: maximize}, {name: latency}]\nscheduler: {engine: optuna}\n"
                        + "parameters: {x: {min: 0.0, max: 1.0}}\n",
                "f");
        assertThat(file.spec().metric().name()).isEqualTo("acc");
        assertThat(file.notes())
                .anySatisfy(note ->
                        assertThat(note).startsWith("method: custom has no counterpart; method: bayes was put in"))
                .anySatisfy(note -> assertThat(note).startsWith("metrics[1]: a Sweep optimizes one metric"))
                .anySatisfy(note -> assertThat(note).startsWith("scheduler.engine: has no counterpart"));
        assertThatThrownBy(() -> SweepFile.read(
                        "program: t.py\nmethod: custom\nscheduler: {engine: optuna, source: s.py, search_space: space}\nparameters: {}\n",
                        "f"))
                .hasMessageStartingWith("scheduler.search_space: space is a Python function");
    }

    @Test
    void namesOfHydraAreParameters() {
        SweepFile file = SweepFile.read(
                REST
                        + "command: [python, t.py, '${args_no_hyphens}']\nparameters: {+experiment: {value: a}, optimizer@head: {value: b},"
                        + " '~callbacks.early': {value: ''}, ++x.y: {value: 1}}\n",
                "f");
        assertThat(dev.sweeps.validation.SweepValidator.validateWithoutCluster(file.spec())
                        .problems())
                .isEmpty();
    }
}
