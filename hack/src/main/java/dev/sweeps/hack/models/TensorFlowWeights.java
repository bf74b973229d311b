package dev.sweeps.hack.models;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.sweeps.trainer.model.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The float32 weights of BERT in a TensorFlow SavedModel ({@code variables.index} and one shard of data), under the names that
 * {@code bert-base-uncased} has on the Hub: LayerNorms with gamma and beta, and the heads of pre-training.
 *
 * <p>The index is an uncompressed table of LevelDB (table_format.md) from names to BundleEntryProto (tensor_bundle.proto). A kernel is
 * stored {@code (in, out)} and transposed here.
 */
final class TensorFlowWeights {
    /** Two block handles, each two varints of at most 10 bytes, and the magic number. */
    private static final int FOOTER = 48;

    /** DT_FLOAT of types.proto. */
    private static final int FLOAT = 1;

    private record Entry(int type, long[] shape, long offset, int size) {}

    private TensorFlowWeights() {}

    /**
     * @param variables the folder {@code variables} of a SavedModel
     */
    static Map<String, Tensor> read(Path variables) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (FileChannel data = FileChannel.open(variables.resolve("variables.data-00000-of-00001"))) {
            for (Map.Entry<String, Entry> named : entries(Files.readAllBytes(variables.resolve("variables.index")))
                    .entrySet()) {
                if (named.getValue().type == FLOAT) {
                    tensors.put(hubName(named.getKey()), tensor(data, named.getKey(), named.getValue()));
                }
            }
        }
        return tensors;
    }

    private static String hubName(String name) {
        return name.replaceFirst("^module/", "")
                .replace("layer_", "layer.")
                .replace("cls/predictions/output_bias", "cls.predictions.bias")
                .replace('/', '.')
                .replaceFirst("\\.kernel$", ".weight")
                .replaceFirst("_embeddings$", "_embeddings.weight");
    }

    private static Tensor tensor(FileChannel data, String name, Entry entry) throws IOException {
        ByteBuffer bytes = data.map(FileChannel.MapMode.READ_ONLY, entry.offset, entry.size)
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[entry.size / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return name.endsWith("/kernel")
                ? OnnxWeights.transposed(new Tensor(entry.shape, values))
                : new Tensor(entry.shape, values);
    }

    private static Map<String, Entry> entries(byte[] index) throws IOException {
        CodedInputStream footer = CodedInputStream.newInstance(index, index.length - FOOTER, FOOTER);
        footer.readRawVarint64(); // The block of filters, of which there is none.
        footer.readRawVarint64();
        int offset = footer.readRawVarint32();
        int size = footer.readRawVarint32();
        Map<String, Entry> entries = new TreeMap<>();
        for (byte[] handle : block(index, offset, size).values()) {
            CodedInputStream in = CodedInputStream.newInstance(handle);
            for (Map.Entry<String, byte[]> named :
                    block(index, in.readRawVarint32(), in.readRawVarint32()).entrySet()) {
                boolean header = named.getKey().isEmpty();
                if (!header) {
                    entries.put(named.getKey(), entry(named.getValue()));
                }
            }
        }
        return entries;
    }

    /** The entries of a block: each key is told by how many bytes it shares with the one before. */
    private static Map<String, byte[]> block(byte[] index, int offset, int size) throws IOException {
        if (index[offset + size] != 0) {
            throw new IOException("variables.index is compressed, which is not read here");
        }
        int restarts = ByteBuffer.wrap(index).order(ByteOrder.LITTLE_ENDIAN).getInt(offset + size - Integer.BYTES);
        CodedInputStream in = CodedInputStream.newInstance(index, offset, size - Integer.BYTES * (1 + restarts));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        byte[] key = new byte[0];
        while (!in.isAtEnd()) {
            int shared = in.readRawVarint32();
            int fresh = in.readRawVarint32();
            int length = in.readRawVarint32();
            key = Arrays.copyOf(key, shared + fresh);
            System.arraycopy(in.readRawBytes(fresh), 0, key, shared, fresh);
            entries.put(new String(key, StandardCharsets.UTF_8), in.readRawBytes(length));
        }
        return entries;
    }

    private static Entry entry(byte[] message) throws IOException {
        int type = 0;
        long[] shape = {};
        long offset = 0;
        int size = 0;
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> type = in.readEnum();
                case 2 -> shape = shape(in.readBytes().newCodedInput());
                case 4 -> offset = in.readInt64();
                case 5 -> size = (int) in.readInt64();
                default -> in.skipField(tag);
            }
        }
        return new Entry(type, shape, offset, size);
    }

    /** TensorShapeProto: each dimension (field 2) has its length in field 1. */
    private static long[] shape(CodedInputStream in) throws IOException {
        long[] shape = {};
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 2) {
                CodedInputStream dimension = in.readBytes().newCodedInput();
                shape = Arrays.copyOf(shape, shape.length + 1);
                for (int field = dimension.readTag(); field != 0; field = dimension.readTag()) {
                    if (WireFormat.getTagFieldNumber(field) == 1) {
                        shape[shape.length - 1] = dimension.readInt64();
                    } else {
                        dimension.skipField(field);
                    }
                }
            } else {
                in.skipField(tag);
            }
        }
        return shape;
    }
}
