package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Reads a resource of ours whatever stands in it. One object that cannot be read would end the watch of all: a {@code spec} or
 * {@code status} that does not fit our types is left out, and is null. Managed fields are not read, nobody asks for them.
 */
abstract class LenientDeserializer<R extends CustomResource<S, T>, S, T> extends StdDeserializer<R> {
    private static final long serialVersionUID = 1L;

    /** Maximum depth of nesting. Deeper values could be read, but not copied or written by every library. */
    static final int MAX_DEPTH = 100;

    private final transient Supplier<R> resource;
    private final Class<S> spec;
    private final Class<T> status;

    LenientDeserializer(Class<R> type, Supplier<R> resource, Class<S> spec, Class<T> status) {
        super(type);
        this.resource = resource;
        this.spec = spec;
        this.status = status;
    }

    @Override
    public R deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        ObjectCodec codec = parser.getCodec();
        TreeNode json = codec.readTree(parser);
        R read = resource.get();
        if (json.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
            read.setMetadata(codec.treeToValue(metadata, ObjectMeta.class));
        }
        read.setSpec(part(codec, json.get("spec"), spec));
        read.setStatus(part(codec, json.get("status"), status));
        return read;
    }

    private static <P> P part(ObjectCodec codec, TreeNode json, Class<P> type) {
        if (json == null || depth((JsonNode) json) > MAX_DEPTH) {
            return null;
        }
        try {
            return codec.treeToValue(json, type);
        } catch (JacksonException | RuntimeException e) {
            return null;
        }
    }

    /** Measures the depth without recursion, which deep JSON would exhaust. */
    private static int depth(JsonNode root) {
        Deque<JsonNode> level = new ArrayDeque<>();
        level.add(root);
        int depth = 0;
        while (!level.isEmpty() && depth <= MAX_DEPTH) {
            Deque<JsonNode> next = new ArrayDeque<>();
            level.forEach(node -> node.forEach(next::add));
            level = next;
            depth++;
        }
        return depth;
    }
}
