package dev.sweeps.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.metrics.Metrics;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as wandb writes them; examples/wandb reads one that wandb itself has written. */
class WandbRunTest {
    private static final int HISTORY = 2;
    private static final int SUMMARY = 3;

    private static final SweepSpec SPEC = Serialization.unmarshal(
            """
            method: grid
            metric: {name: acc, goal: maximize, select: best}
            """,
            SweepSpec.class);

    @TempDir
    private Path folder;

    private interface Writer {
        void write(CodedOutputStream out) throws IOException;
    }

    private static ByteString message(Writer writer) throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        writer.write(out);
        out.flush();
        return bytes.toByteString();
    }

    private static ByteString item(String json, String... name) throws IOException {
        return message(out -> {
            for (String part : name) {
                out.writeString(name.length == 1 ? 1 : 2, part);
            }
            out.writeString(16, json);
        });
    }

    private static ByteString record(int type, ByteString... items) throws IOException {
        ByteString inner = message(out -> {
            for (ByteString item : items) {
                out.writeBytes(1, item);
            }
        });
        return message(out -> {
            out.writeInt64(1, 7);
            out.writeBytes(type, inner);
        });
    }

    /** LevelDB's log: blocks of 32 KB, in which a record is cut into pieces of the types whole, first, middle and last. */
    private static byte[] file(ByteString... records) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {':', 'W', '&', 'B', (byte) 0xe1, (byte) 0xbe, 0});
        for (ByteString record : records) {
            ByteString rest = record;
            boolean first = true;
            do {
                int left = 32_768 - file.size() % 32_768;
                if (left < 7) {
                    file.writeBytes(new byte[left]);
                    continue;
                }
                int length = Math.min(rest.size(), left - 7);
                boolean last = length == rest.size();
                int type = first && last ? 1 : first ? 2 : last ? 4 : 3;
                file.writeBytes(ByteBuffer.allocate(7)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0)
                        .putShort((short) length)
                        .put((byte) type)
                        .array());
                file.writeBytes(rest.substring(0, length).toByteArray());
                rest = rest.substring(length);
                first = false;
            } while (!rest.isEmpty());
        }
        return file.toByteArray();
    }

    private static WandbRun read(byte[] file) throws IOException {
        return WandbRun.of(new ByteArrayInputStream(file));
    }

    @Test
    void reportsAndTheSummaryAreRead() throws IOException {
        byte[] file = file(
                record(5, item("1", "lr")),
                record(HISTORY, item("0.25", "acc"), item("{\"loss\": 2}", "val"), item("0", "_step")),
                record(
                        HISTORY,
                        item("0.5", "acc"),
                        item("NaN", "val", "loss"),
                        item("\"text\"", "note"),
                        item("1e-99999999", "small"),
                        item("Infinity", "big"),
                        item("1", "_step")),
                record(SUMMARY, item("0.3", "acc"), item("1", "_step")),
                record(SUMMARY, item("0.75", "acc")));
        WandbRun run = read(file);
        assertThat(run.reports()).hasSize(2);
        assertThat(run.reports().get(0).values()).hasToString("{acc=0.25, val.loss=2, step=0}");
        Metrics second = run.reports().get(1);
        assertThat(second.values()).hasToString("{acc=0.5, small=0.0, step=1}");
        assertThat(second.notFinite()).containsExactly("val.loss", "big");
        assertThat(run.summary().values()).hasToString("{acc=0.75, step=1}");
    }

    @Test
    void numbersWithATypeAreRead() throws IOException {
        ByteString whole = message(out -> {
            out.writeString(1, "epoch");
            out.writeSInt64(5, -3);
        });
        ByteString real = message(out -> {
            out.writeString(1, "acc");
            out.writeDouble(6, 0.125);
        });
        assertThat(read(file(record(HISTORY, whole, real))).reports().get(0).values())
                .hasToString("{epoch=-3, acc=0.125}");
    }

    @Test
    void recordsOfManyBlocksAreRead() throws IOException {
        ByteString[] records = new ByteString[200];
        for (int i = 0; i < records.length; i++) {
            String filler = "\"" + "x".repeat(i * 700 + i) + "\"";
            records[i] = record(HISTORY, item(filler, "note"), item(String.valueOf(i), "acc"));
        }
        assertThat(read(file(records)).reports())
                .extracting(report -> report.values().get("acc").intValue())
                .hasSize(200)
                .isSorted();
    }

    @Test
    void aFileThatIsCutOffOrOfSomethingElseIsReadAsFarAsItGoes() throws IOException {
        ByteString report = record(HISTORY, item("0.5", "acc"));
        byte[] file = file(report, report);
        assertThat(read(Arrays.copyOf(file, file.length - 1)).reports()).hasSize(1);
        assertThat(read(Arrays.copyOf(file, 3)).reports()).isEmpty();
        assertThat(read(file(report, ByteString.copyFromUtf8("no message"), report))
                        .reports())
                .hasSize(1);
        assertThat(read(new byte[100]).reports()).isEmpty();
    }

    @Test
    void aProgramThatPrintsNoMetricHasItsHistoryFromWandb() throws IOException {
        Path log = folder.resolve("trial.log");
        Path wandb = folder.resolve("trial.wandb");
        Path run = Files.createDirectories(wandb.resolve("wandb/offline-run-20260102_030405-abc"));
        Files.writeString(log, "wandb:   acc 0.66667\n");
        Files.write(
                run.resolve("run-abc.wandb"),
                file(
                        record(HISTORY, item("0.9", "acc"), item("0", "_step")),
                        record(HISTORY, item("0.6666666", "acc"), item("1", "_step")),
                        record(SUMMARY, item("0.6666666", "acc"))));
        LogDigest digest = new LogTail(log, wandb, SPEC).readToTheEnd();
        assertThat(digest.history()).hasSize(2);
        assertThat(digest.metrics().values().get("acc")).isEqualByComparingTo("0.6666666");
        Files.writeString(log, "acc=0.4\n");
        LogDigest printed = new LogTail(log, wandb, SPEC).readToTheEnd();
        assertThat(printed.history()).hasSize(1);
        assertThat(printed.metrics().values().get("acc")).isEqualByComparingTo("0.4");
    }
}
