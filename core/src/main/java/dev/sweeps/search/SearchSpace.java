package dev.sweeps.search;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The values of each parameter, parameters sorted by name, values in the order given and each once. */
public record SearchSpace(SortedMap<String, List<ParameterValue>> values) {

    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?[eE][+]?[0-9]{1,9}");

    public SearchSpace {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * The space of categorical and constant parameters.
     *
     * @throws InvalidParameter if a parameter is neither, or its values cannot be told apart or mixed
     */
    public static SearchSpace of(Map<String, Parameter> parameters) {
        SortedMap<String, List<ParameterValue>> values = new TreeMap<>();
        parameters.forEach((name, parameter) -> values.put(name, valuesOf(name, parameter)));
        return new SearchSpace(values);
    }

    /** The number of points, exact however large. */
    public BigInteger size() {
        return values.values().stream()
                .map(list -> BigInteger.valueOf(list.size()))
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    private static List<ParameterValue> valuesOf(String name, Parameter parameter) {
        String field = "parameters." + name;
        if (parameter == null) {
            throw new InvalidParameter(field + ": is empty; write value for a constant or values for a list to try");
        }
        if (parameter.value() != null && parameter.values() != null) {
            throw new InvalidParameter(field + ": has both value and values; keep one of them");
        }
        if (parameter.value() != null) {
            return List.of(scalar(field + ".value", parameter.value()));
        }
        if (parameter.values() == null) {
            throw new InvalidParameter(field
                    + ": has neither value nor values; write value for a constant or values for a" + " list to try");
        }
        if (parameter.values().isEmpty()) {
            throw new InvalidParameter(field + ".values: is empty; list at least one value");
        }
        List<ParameterValue> listed = new ArrayList<>();
        for (int i = 0; i < parameter.values().size(); i++) {
            listed.add(scalar(field + ".values[" + i + "]", parameter.values().get(i)));
        }
        List<String> kinds =
                listed.stream().map(value -> value.kind().plural()).distinct().toList();
        if (kinds.size() > 1) {
            throw new InvalidParameter(field + ".values: " + parameter.values() + " mixes "
                    + String.join(" and ", kinds) + "; use one kind");
        }
        return List.copyOf(new LinkedHashSet<>(listed));
    }

    private static ParameterValue scalar(String field, JsonNode node) {
        if (node.isNumber()) {
            return new ParameterValue(node.decimalValue());
        }
        if (node.isBoolean()) {
            return new ParameterValue(node.booleanValue());
        }
        if (node.isTextual() && isTooLargeForANumber(node.textValue())) {
            throw new InvalidParameter(field + ": " + node.textValue()
                    + " is too large for a number, and YAML makes a text of it; write a number up to 1.7e308");
        }
        if (node.isTextual()) {
            return new ParameterValue(node.textValue());
        }
        throw new InvalidParameter(field + ": " + node + " is not a number, a text or a boolean; put text in quotes");
    }

    private static boolean isTooLargeForANumber(String text) {
        return NUMBER.matcher(text).matches() && Double.isInfinite(Double.parseDouble(text));
    }

    /** A parameter that cannot be searched; the message is a sentence for the user. */
    public static final class InvalidParameter extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        InvalidParameter(String sentence) {
            super(sentence);
        }
    }
}
