package dev.sweeps.trainer.model;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Reads {@code model.safetensors}, or the several files that an index names, by memory map. Nothing that the header claims is believed before it is checked against the length of
 * the file.
 */
public final class Safetensors {
    /** Bytes; the header of a model of a thousand tensors has 100 KB, and a larger one is an attack or a torn file. */
    private static final long MAX_HEADER = 16_000_000;

    private static final String METADATA = "__metadata__";

    private static final String INDEX = "model.safetensors.index.json";

    /** Position of a tensor: from {@code begin} to {@code end} of its file. */
    private record Entry(Path file, String type, long[] shape, long begin, long end) {}

    private final Map<String, Entry> entries;

    private final Map<String, String> metadata;

    private Safetensors(Map<String, Entry> entries, Map<String, String> metadata) {
        this.entries = entries;
        this.metadata = metadata;
    }

    /**
     * Opens the checkpoint in a model's folder.
     *
     * @throws TrainingException if there is none, or the file is not what it claims to be
     */
    public static Safetensors open(Path folder) {
        Path file = folder.resolve("model.safetensors");
        if (!Files.exists(file) && Files.exists(folder.resolve(INDEX))) {
            return shards(folder);
        }
        if (!Files.exists(file)) {
            throw TrainingException.badInput(
                    Files.exists(folder.resolve("pytorch_model.bin"))
                            ? folder
                                    + " has only pytorch_model.bin, a pickle that could run code; convert it to model.safetensors"
                            : folder + " has no model.safetensors; copy the checkpoint there");
        }
        return read(file);
    }

    /** A checkpoint in several files, and an index that says which tensor is in which. */
    private static Safetensors shards(Path folder) {
        Path index = folder.resolve(INDEX);
        Map<String, String> fileOf = new LinkedHashMap<>();
        try {
            new Gson()
                    .fromJson(Files.readString(index), JsonObject.class)
                    .getAsJsonObject("weight_map")
                    .entrySet()
                    .forEach(tensor ->
                            fileOf.put(tensor.getKey(), tensor.getValue().getAsString()));
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | ClassCastException
                | NullPointerException e) {
            throw TrainingException.badInput(index + " has no weight_map that can be read; copy it anew");
        }
        Map<String, Safetensors> shards = new LinkedHashMap<>();
        for (String name : new LinkedHashSet<>(fileOf.values())) {
            Path shard = folder.resolve(name).normalize();
            if (!shard.startsWith(folder.normalize()) || !Files.isRegularFile(shard)) {
                throw TrainingException.badInput(index + " names " + name + ", which is not in " + folder
                        + "; copy it there, with all other" + " files of the index ("
                        + String.join(", ", new LinkedHashSet<>(fileOf.values())) + ")");
            }
            shards.put(name, read(shard));
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        fileOf.forEach((tensor, name) -> {
            Entry entry = shards.get(name).entries.get(tensor);
            if (entry == null) {
                throw TrainingException.badInput(
                        index + " says that " + tensor + " is in " + name + ", and it is not; copy both anew");
            }
            entries.put(tensor, entry);
        });
        return new Safetensors(entries, Map.of());
    }

    /**
     * Opens a file.
     *
     * @throws TrainingException if it is not what it claims to be
     */
    public static Safetensors read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer start = read(channel, 0, 8);
            long length = start.getLong();
            if (length <= 0 || length > MAX_HEADER || 8 + length > channel.size()) {
                throw torn(file, "its header claims " + length + " bytes");
            }
            String json = StandardCharsets.UTF_8
                    .decode(read(channel, 8, (int) length))
                    .toString();
            JsonObject header = new Gson().fromJson(json, JsonObject.class);
            return new Safetensors(entries(file, header, 8 + length, channel.size()), metadata(header));
        } catch (IOException
                | JsonParseException
                | UnsupportedOperationException
                | IllegalStateException
                | ClassCastException
                | NullPointerException
                | ArithmeticException e) {
            throw torn(file, "its header cannot be read");
        }
    }

    public Set<String> names() {
        return entries.keySet();
    }

    public long[] shape(String name) {
        return entries.get(name).shape.clone();
    }

    /** Returns the metadata of the file. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The values of a tensor as float32, row by row: a direct buffer over the file itself, where it has them so. */
    public ByteBuffer floats(String name) {
        Entry entry = entries.get(name);
        ByteBuffer bytes = bytes(name, entry);
        return switch (entry.type) {
            case "F32" -> bytes;
            case "F16" -> widened(bytes, Safetensors::half);
            case "BF16" -> widened(bytes, bits -> Float.intBitsToFloat(bits << 16));
            default ->
                throw TrainingException.badInput(
                        entry.file + ": " + name + " is " + entry.type + "; weights of type F32, F16 or BF16 are read");
        };
    }

    private ByteBuffer bytes(String name, Entry entry) {
        if (entry.end - entry.begin > Integer.MAX_VALUE) {
            throw TrainingException.badInput(entry.file + ": " + name + " has " + (entry.end - entry.begin)
                    + " bytes; tensors of at most 2 GB are read");
        }
        try (FileChannel channel = FileChannel.open(entry.file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, entry.begin, entry.end - entry.begin)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw torn(entry.file, name + " cannot be read");
        }
    }

    private static Map<String, String> metadata(JsonObject header) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (header.has(METADATA)) {
            header.getAsJsonObject(METADATA)
                    .entrySet()
                    .forEach(field ->
                            metadata.put(field.getKey(), field.getValue().getAsString()));
        }
        return metadata;
    }

    private static Map<String, Entry> entries(Path file, JsonObject header, long dataStart, long fileLength) {
        long dataLength = fileLength - dataStart;
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> field : header.entrySet()) {
            if (field.getKey().equals(METADATA)) {
                continue;
            }
            JsonObject fields = field.getValue().getAsJsonObject();
            long[] shape = longs(fields.getAsJsonArray("shape"));
            long[] offsets = longs(fields.getAsJsonArray("data_offsets"));
            String type = fields.get("dtype").getAsString();
            long elements = LongStream.of(shape).reduce(1, Math::multiplyExact);
            boolean inside =
                    offsets.length == 2 && 0 <= offsets[0] && offsets[0] <= offsets[1] && offsets[1] <= dataLength;
            if (LongStream.of(shape).anyMatch(length -> length < 0)) {
                throw torn(file, field.getKey() + " has a negative length in its shape");
            }
            if (!inside) {
                throw torn(file, field.getKey() + " lies outside the file");
            }
            if (Math.multiplyExact(elements, width(type)) != offsets[1] - offsets[0]) {
                throw torn(file, field.getKey() + " has not as many bytes as its shape");
            }
            entries.put(field.getKey(), new Entry(file, type, shape, dataStart + offsets[0], dataStart + offsets[1]));
        }
        return entries;
    }

    private static long width(String type) {
        return switch (type) {
            case "F64", "I64", "U64" -> 8;
            case "F32", "I32", "U32" -> 4;
            case "F16", "BF16", "I16", "U16" -> 2;
            default -> 1;
        };
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("end of file");
            }
        }
        return bytes.flip();
    }

    private static long[] longs(JsonArray array) {
        long[] longs = new long[array.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = array.get(i).getAsLong();
        }
        return longs;
    }

    private interface Widening {
        float of(int bits);
    }

    private static ByteBuffer widened(ByteBuffer bytes, Widening widening) {
        ByteBuffer values = ByteBuffer.allocateDirect(2 * bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            values.putFloat(widening.of(bytes.getShort() & 0xFFFF));
        }
        return values.flip();
    }

    /** IEEE 754 binary16. */
    private static float half(int bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >>> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        int wide = exponent == 0x1F ? 0xFF : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    private static TrainingException torn(Path file, String what) {
        return TrainingException.badInput(file + " is torn or not a safetensors file: " + what + "; copy it anew");
    }
}
