package dev.sweeps.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import org.junit.jupiter.api.Test;

class SharedFoldersTest {
    private static final String SPEC =
            """
            method: grid
            metric: {name: acc}
            program: train.py
            command: [python, train.py, "${args}", "--log-dir=/logs"]
            parameters: {lr: {values: [0.1, 0.2]}, output_dir: {value: /out/rte/}, data_dir: {value: /data}}
            template: {spec: {containers: [{name: trainer, image: i, volumeMounts: [{name: out, mountPath: /out}]}]}}
            """;

    @Test
    void aFolderThatAllTrialsWriteToIsNamedWithTheWayOut() {
        assertThat(SharedFolders.onThisMachine(Specs.of(SPEC)))
                .containsExactly(
                        "parameters.output_dir: all trials write to /out/rte/; remove the parameter, and add --output_dir=/out/rte/${trial} to"
                                + " command, so that each has a folder of its own",
                        "command[3]: all trials write to /logs; write --log-dir=/logs/${trial}, so that each has a folder of its own");
    }

    @Test
    void onAClusterOnlyVolumesAreShared() {
        assertThat(SharedFolders.onACluster(Specs.of(SPEC)))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("parameters.output_dir");
        assertThat(SharedFolders.onACluster(Specs.of(SPEC.replace("mountPath: /out", "mountPath: /outer"))))
                .isEmpty();
    }

    @Test
    void aFolderOfEachTrialIsFine() {
        String own = SPEC.replace("--log-dir=/logs", "--log-dir=/logs/${trial}")
                .replace("{value: /out/rte/}", "{values: [/a, /b]}");
        assertThat(SharedFolders.onThisMachine(Specs.of(own))).isEmpty();
        assertThat(SharedFolders.onThisMachine(Specs.of(SPEC.replace("[0.1, 0.2]", "[0.1]"))))
                .isEmpty();
    }
}
