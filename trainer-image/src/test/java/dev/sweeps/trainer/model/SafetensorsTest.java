package dev.sweeps.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Tensor tensor = new Tensor(new long[] {2, 3}, new float[] {1, -2, 3.5f, 0, 1e-20f, -1e20f});
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of("w", tensor));
        Safetensors read = Safetensors.open(folder);
        assertThat(read.names()).containsExactly("w");
        assertThat(read.shape("w")).containsExactly(2, 3);
        assertThat(floats(read, "w")).containsExactly(tensor.values());
    }

    @Test
    void aCheckpointInSeveralFilesIsReadByItsIndex() throws IOException {
        Tensor first = new Tensor(new long[] {2}, new float[] {1, 2});
        Tensor second = new Tensor(new long[] {1}, new float[] {3});
        SafetensorsWriter.write(folder.resolve("model-00001-of-00002.safetensors"), Map.of("a", first));
        SafetensorsWriter.write(folder.resolve("model-00002-of-00002.safetensors"), Map.of("b", second));
        index("{\"a\": \"model-00001-of-00002.safetensors\", \"b\": \"model-00002-of-00002.safetensors\"}");
        Safetensors read = Safetensors.open(folder);
        assertThat(read.names()).containsExactlyInAnyOrder("a", "b");
        assertThat(floats(read, "a")).containsExactly(1, 2);
        assertThat(floats(read, "b")).containsExactly(3);
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        assertThatThrownBy(() -> Safetensors.open(folder))
                .hasMessageContaining("names model-00002-of-00002.safetensors, which is not in");
        index("{\"a\": \"../../etc/passwd\"}");
        assertThatThrownBy(() -> Safetensors.open(folder))
                .hasMessageContaining("names ../../etc/passwd, which is not in");
        index("{\"c\": \"model-00001-of-00002.safetensors\"}");
        assertThatThrownBy(() -> Safetensors.open(folder))
                .hasMessageContaining("says that c is in model-00001-of-00002.safetensors");
        index("3");
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("has no weight_map");
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": " + weightMap + "}");
    }

    @Test
    void halfPrecisionIsWidened() throws IOException {
        write(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[8,12]}}",
                0x3C00,
                0xC000,
                0x0001,
                0x7C00,
                0x3F80,
                0xC0A0);
        Safetensors read = Safetensors.open(folder);
        assertThat(floats(read, "h")).containsExactly(1f, -2f, 0x1p-24f, Float.POSITIVE_INFINITY);
        assertThat(floats(read, "b")).containsExactly(1f, -5f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4000]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[9],\"data_offsets\":[0,4]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
                "{\"__metadata__\":{\"a\":{}}}",
                "{\"w\": 1}",
                "not json"
            })
    void aLyingHeaderIsNotBelieved(String header) throws IOException {
        write(header, 0, 0);
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("is torn or not a safetensors file");
    }

    @Test
    void aFileThatEndsInItsHeaderIsTorn() throws IOException {
        Files.write(folder.resolve("model.safetensors"), new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{'});
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("its header claims 100 bytes");
    }

    @Test
    void aPickleIsNotOpened() throws IOException {
        Files.createFile(folder.resolve("pytorch_model.bin"));
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("convert it to model.safetensors");
    }

    private static float[] floats(Safetensors file, String name) {
        FloatBuffer buffer = file.floats(name).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private void write(String header, int... halves) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + json.length + 2 * halves.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (int half : halves) {
            file.putShort((short) half);
        }
        Files.write(folder.resolve("model.safetensors"), file.array());
    }
}
