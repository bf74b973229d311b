package dev.sweeps.trainer.model;

import ai.djl.ndarray.NDArray;
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
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Writes safetensors files: 8 bytes with the length of a JSON header, the header, and the values of the tensors, little-endian
 * (the format of github.com/huggingface/safetensors). A file is there whole or not at all.
 */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /** Writes a checkpoint as transformers reads it. */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        write(file, shapes, name -> bytes(tensors.get(name).values()), Map.of("format", "pt"));
    }

    /**
     * Writes float32 tensors from PyTorch's memory.
     *
     * @param metadata what to say of the file besides
     */
    public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) throws IOException {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.getShape().getShape()));
        write(file, shapes, name -> tensors.get(name).toByteBuffer(true), metadata);
    }

    private static void write(
            Path file, Map<String, long[]> shapes, Function<String, ByteBuffer> values, Map<String, String> metadata)
            throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            byte[] header = header(shapes, metadata);
            ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
            writeFully(channel, start.putLong(header.length).put(header).flip());
            for (String name : shapes.keySet()) {
                writeFully(channel, values.apply(name));
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Padded with spaces, so that the values begin at a multiple of 8. */
    private static byte[] header(Map<String, long[]> shapes, Map<String, String> metadata) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("__metadata__", metadata);
        long offset = 0;
        for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
            long elements = LongStream.of(entry.getValue()).reduce(1, Math::multiplyExact);
            long end = offset + elements * Float.BYTES;
            fields.put(
                    entry.getKey(),
                    Map.of("dtype", "F32", "shape", entry.getValue(), "data_offsets", List.of(offset, end)));
            offset = end;
        }
        String json = new Gson().toJson(fields);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
