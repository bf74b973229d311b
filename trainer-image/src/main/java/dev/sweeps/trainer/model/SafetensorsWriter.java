package dev.sweeps.trainer.model;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code model.safetensors}: 8 bytes with the length of a JSON header, the header, and the values of the tensors, little-endian
 * (the format of github.com/huggingface/safetensors).
 */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /** Writes all tensors as float32. The file is there whole or not at all. */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            byte[] header = header(tensors);
            ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
            writeFully(channel, start.putLong(header.length).put(header).flip());
            for (Tensor tensor : tensors.values()) {
                ByteBuffer values = ByteBuffer.allocate(tensor.values().length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
                values.asFloatBuffer().put(tensor.values());
                writeFully(channel, values);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Padded with spaces, so that the values begin at a multiple of 8. */
    private static byte[] header(Map<String, Tensor> tensors) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("__metadata__", Map.of("format", "pt"));
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long end = offset + (long) entry.getValue().values().length * Float.BYTES;
            fields.put(
                    entry.getKey(),
                    Map.of("dtype", "F32", "shape", entry.getValue().shape(), "data_offsets", List.of(offset, end)));
            offset = end;
        }
        String json = new Gson().toJson(fields);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
