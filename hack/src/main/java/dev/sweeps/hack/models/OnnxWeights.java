package dev.sweeps.hack.models;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.sweeps.trainer.model.Tensor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The float32 weights in an ONNX file that PyTorch exported, under their PyTorch names. Field numbers are those of onnx.proto.
 *
 * <p>Embeddings, biases and LayerNorms keep their names. The weight of a linear layer is called {@code onnx::MatMul_N} and stored
 * {@code (in, out)}: it takes the name of the node that uses it, and is transposed.
 */
final class OnnxWeights {
    private static final int FLOAT = 1;

    private record Node(String name, String operation, List<String> inputs) {}

    private final Map<String, Tensor> initializers = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private OnnxWeights() {}

    static Map<String, Tensor> read(Path file) throws IOException {
        OnnxWeights weights = new OnnxWeights();
        weights.readModel(CodedInputStream.newInstance(Files.readAllBytes(file)));
        return weights.named();
    }

    private Map<String, Tensor> named() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        initializers.forEach((name, tensor) -> {
            if (!name.startsWith("onnx::")) {
                named.put(name, tensor);
            }
        });
        for (Node node : nodes) {
            if (!node.operation.equals("MatMul")) {
                continue;
            }
            for (String input : node.inputs) {
                if (input.startsWith("onnx::") && initializers.containsKey(input)) {
                    named.put(weightOf(node), transposed(initializers.get(input)));
                }
            }
        }
        return named;
    }

    /** {@code /encoder/layer.0/attention/self/query/MatMul} multiplies {@code encoder.layer.0.attention.self.query.weight}. */
    private static String weightOf(Node node) {
        return node.name.replaceFirst("^/", "").replaceFirst("/MatMul$", "").replace('/', '.') + ".weight";
    }

    private void readModel(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 7) {
                readGraph(in.readBytes().newCodedInput());
            } else {
                in.skipField(tag);
            }
        }
    }

    private void readGraph(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> nodes.add(node(in.readBytes().newCodedInput()));
                case 5 -> readTensor(in.readBytes().newCodedInput());
                default -> in.skipField(tag);
            }
        }
    }

    private static Node node(CodedInputStream in) throws IOException {
        List<String> inputs = new ArrayList<>();
        String name = "";
        String operation = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> inputs.add(in.readString());
                case 3 -> name = in.readString();
                case 4 -> operation = in.readString();
                default -> in.skipField(tag);
            }
        }
        return new Node(name, operation, inputs);
    }

    private void readTensor(CodedInputStream in) throws IOException {
        List<Long> dimensions = new ArrayList<>();
        int type = 0;
        String name = "";
        ByteString raw = ByteString.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                        CodedInputStream packed = in.readBytes().newCodedInput();
                        while (!packed.isAtEnd()) {
                            dimensions.add(packed.readInt64());
                        }
                    } else {
                        dimensions.add(in.readInt64());
                    }
                }
                case 2 -> type = in.readInt32();
                case 8 -> name = in.readString();
                case 4, 9 -> raw = in.readBytes(); // float_data (packed) and raw_data are both little-endian floats
                default -> in.skipField(tag);
            }
        }
        if (type == FLOAT) {
            float[] values = new float[raw.size() / Float.BYTES];
            raw.asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            initializers.put(
                    name,
                    new Tensor(dimensions.stream().mapToLong(Long::longValue).toArray(), values));
        }
    }

    /** {@code (in, out)} to {@code (out, in)}. */
    static Tensor transposed(Tensor tensor) {
        int rows = (int) tensor.shape()[0];
        int columns = (int) tensor.shape()[1];
        float[] values = new float[tensor.values().length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[column * rows + row] = tensor.values()[row * columns + column];
            }
        }
        return new Tensor(new long[] {columns, rows}, values);
    }
}
