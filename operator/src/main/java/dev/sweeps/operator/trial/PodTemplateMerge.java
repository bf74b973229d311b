package dev.sweeps.operator.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Merges a user's pod template over the default one. Works on JSON, so that a field that this operator does not know, of a cluster newer
 * than it, is kept. Objects merge field by field; lists whose elements have a name in Kubernetes' own sense merge element by element; what
 * is left is replaced by what the user wrote.
 *
 * <p>{@code $patch: delete} in an object or an element of a list removes the default, and {@code $patch: replace} takes what the user wrote
 * alone: the directives of Kubernetes' strategic merge patch, which survive {@code kubectl apply}. A null removes a default too, but
 * {@code kubectl apply} does not send nulls.
 */
final class PodTemplateMerge {
    /** Lists that are merged, and the field that identifies their elements (patchMergeKey of Kubernetes). */
    private static final Map<String, String> KEYS = Map.of(
            "containers", "name",
            "initContainers", "name",
            "volumes", "name",
            "env", "name",
            "imagePullSecrets", "name",
            "volumeMounts", "mountPath");

    /** Lists whose elements are of one of several kinds. Merging two kinds would produce an invalid element. */
    private static final Set<String> WHOLE = Set.of("volumes", "env", "volumeMounts");

    private static final String DIRECTIVE = "$patch";
    private static final String DELETE = "delete";
    private static final String REPLACE = "replace";

    private PodTemplateMerge() {}

    /** Returns a new object; neither argument is changed. */
    static ObjectNode merge(ObjectNode defaults, ObjectNode user) {
        ObjectNode merged = defaults.deepCopy();
        user.properties().forEach(field -> {
            JsonNode theirs = field.getValue();
            JsonNode ours = merged.get(field.getKey());
            if (theirs.isNull()) {
                merged.remove(field.getKey());
            } else if (DELETE.equals(directive(theirs))) {
                merged.remove(field.getKey());
            } else if (REPLACE.equals(directive(theirs))) {
                merged.set(field.getKey(), withoutDirective(theirs));
            } else if (ours instanceof ObjectNode left && theirs instanceof ObjectNode right) {
                merged.set(field.getKey(), merge(left, right));
            } else if (ours instanceof ArrayNode left
                    && theirs instanceof ArrayNode right
                    && KEYS.containsKey(field.getKey())) {
                merged.set(field.getKey(), mergeList(field.getKey(), left, right));
            } else {
                merged.set(field.getKey(), theirs.deepCopy());
            }
        });
        return merged;
    }

    private static ArrayNode mergeList(String list, ArrayNode defaults, ArrayNode user) {
        ArrayNode merged = defaults.deepCopy();
        for (JsonNode theirs : user) {
            int at = indexOf(merged, KEYS.get(list), theirs);
            if (DELETE.equals(directive(theirs))) {
                if (at >= 0) {
                    merged.remove(at);
                }
            } else if (at < 0) {
                merged.add(withoutDirective(theirs));
            } else if (REPLACE.equals(directive(theirs))) {
                merged.set(at, withoutDirective(theirs));
            } else if (!WHOLE.contains(list)
                    && merged.get(at) instanceof ObjectNode left
                    && theirs instanceof ObjectNode right) {
                merged.set(at, merge(left, right));
            } else {
                merged.set(at, theirs.deepCopy());
            }
        }
        return merged;
    }

    private static String directive(JsonNode node) {
        return node.path(DIRECTIVE).asText("");
    }

    private static JsonNode withoutDirective(JsonNode node) {
        JsonNode copy = node.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove(DIRECTIVE);
        }
        return copy;
    }

    private static int indexOf(ArrayNode list, String key, JsonNode element) {
        for (int i = 0; i < list.size(); i++) {
            if (element.hasNonNull(key) && element.get(key).equals(list.get(i).get(key))) {
                return i;
            }
        }
        return -1;
    }
}
