package dev.sweeps.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Distribution.Categorical;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The hyperparameters of a sweep. They are sorted by name, nested ones within the one that holds them (HyperParameterSet.from_config in
 * sweeps/params.py of wandb/sweeps).
 */
public record SearchSpace(List<Dimension> dimensions) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Levels of nested parameters. */
    private static final int MAX_DEPTH = 16;

    public SearchSpace {
        dimensions = List.copyOf(dimensions);
    }

    /**
     * The space of a sweep's parameters.
     *
     * @throws InvalidParameter if one of them cannot be searched
     */
    public static SearchSpace of(Map<String, Parameter> parameters) {
        List<Dimension> dimensions = new ArrayList<>();
        add(dimensions, "", parameters, 1);
        Set<String> names = new HashSet<>();
        for (Dimension dimension : dimensions) {
            if (!names.add(dimension.name())) {
                throw new InvalidParameter("parameters: " + dimension.name()
                        + " occurs twice, once nested and once with dots in its name; rename one of them");
            }
        }
        return new SearchSpace(dimensions);
    }

    /** The space of lists of values. */
    public static SearchSpace ofLists(SortedMap<String, List<ParameterValue>> lists) {
        return new SearchSpace(lists.entrySet().stream()
                .map(list -> new Dimension(list.getKey(), Categorical.of(Values.listed(list.getValue()))))
                .toList());
    }

    /** The number of combinations, exact however large; empty if it has no end. */
    public Optional<BigInteger> size() {
        BigInteger size = BigInteger.ONE;
        for (Dimension dimension : dimensions) {
            Optional<Values> values = dimension.distribution().values();
            if (values.isEmpty()) {
                return Optional.empty();
            }
            size = size.multiply(BigInteger.valueOf(values.get().count()));
        }
        return Optional.of(size);
    }

    /** Whether a point could have been drawn from this space. */
    public boolean contains(Map<String, ParameterValue> parameters) {
        return parameters.size() == dimensions.size()
                && dimensions.stream().allMatch(dimension -> Optional.ofNullable(parameters.get(dimension.name()))
                        .filter(value ->
                                dimension.distribution().position(value).isPresent())
                        .isPresent());
    }

    /** Returns the space with equal probabilities for the values of each list. */
    SearchSpace unweighted() {
        return new SearchSpace(dimensions.stream()
                .map(dimension -> dimension.distribution() instanceof Categorical choices
                        ? new Dimension(dimension.name(), Categorical.of(choices.choices()))
                        : dimension)
                .toList());
    }

    /** The names of all parameters, in the order of the space. */
    public List<String> names() {
        return dimensions.stream().map(Dimension::name).toList();
    }

    /** Returns the sorted names of the parameters with more than one possible value. */
    public List<String> varying() {
        return dimensions.stream()
                .filter(dimension -> dimension
                        .distribution()
                        .values()
                        .filter(values -> values.count() == 1)
                        .isEmpty())
                .map(Dimension::name)
                .sorted()
                .toList();
    }

    private static void add(List<Dimension> dimensions, String prefix, Map<String, Parameter> parameters, int depth) {
        new TreeMap<>(parameters).forEach((name, parameter) -> {
            String path = prefix + name;
            if (parameter != null && parameter.parameters() != null) {
                add(dimensions, path + ".", nested(path, parameter, depth), depth + 1);
            } else {
                dimensions.add(new Dimension(path, distribution("parameters." + path, parameter)));
            }
        });
    }

    private static Distribution distribution(String field, Parameter parameter) {
        if (parameter == null) {
            throw new InvalidParameter(field + ": is empty; write value for a constant or values for a list to try");
        }
        return DistributionKind.of(field, parameter).distribution(field, parameter);
    }

    /** Kept as JSON in the API, for a schema cannot hold itself. */
    private static Map<String, Parameter> nested(String path, Parameter parameter, int depth) {
        String field = "parameters." + path;
        if (!parameter.equals(Parameter.nesting(parameter.parameters()))) {
            throw new InvalidParameter(field + ": has nested parameters and values of its own; keep one of them");
        }
        if (parameter.parameters().isEmpty()) {
            throw new InvalidParameter(field + ".parameters: is empty; name at least one parameter");
        }
        if (depth == MAX_DEPTH) {
            throw new InvalidParameter(
                    field + ": is nested more than " + MAX_DEPTH + " levels deep; write fewer levels");
        }
        Map<String, Parameter> nested = new TreeMap<>();
        parameter.parameters().forEach((name, json) -> nested.put(name, read(field + ".parameters." + name, json)));
        return Collections.unmodifiableMap(nested);
    }

    private static Parameter read(String field, JsonNode json) {
        if (json == null || !json.isObject()) {
            throw new InvalidParameter(field + ": " + Objects.toString(json, "is empty")
                    + " is not a parameter; write value, values or a range there");
        }
        try {
            return JSON.treeToValue(json, Parameter.class);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new InvalidParameter(field + ": cannot be read (" + e.getOriginalMessage()
                    + "); write it like a parameter of the sweep");
        }
    }
}
