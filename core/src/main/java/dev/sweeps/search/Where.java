package dev.sweeps.search;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Distribution.Categorical;
import dev.sweeps.search.Distribution.IntUniform;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which combinations are tried: an expression in CEL (the Common Expression Language, as in Kubernetes' own rules) over {@code parameters}.
 * It is checked against the types of the parameters before any point is looked at.
 */
public final class Where {
    /** Iterations of one evaluation; a user's expression must not hold up the operator. */
    private static final int MAX_ITERATIONS = 10_000;

    /** Characters of the expression times the combinations that it is asked about: a few seconds. */
    private static final long MAX_COST = 200_000_000;

    private static final String PARAMETERS = "parameters";
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");
    private static final Pattern INDEXED =
            Pattern.compile("\\bparameters\\s*(\\[|\\.(all|exists|exists_one|map|filter)\\b)|\\bin\\s+parameters\\b");

    private final Program program;
    private final Map<String, CelType> types;

    private Where(Program program, Map<String, CelType> types) {
        this.program = program;
        this.types = types;
    }

    /** The time that an evaluation takes grows with the expression. */
    private static void checkCost(String expression, SearchSpace space) {
        BigInteger combinations = space.size().orElse(BigInteger.ONE);
        boolean isTooMany =
                combinations.compareTo(BigInteger.valueOf(GridSearch.MAX_FILTERED)) > 0; // Refused by the grid.
        if (!isTooMany
                && combinations
                                .multiply(BigInteger.valueOf(expression.length()))
                                .compareTo(BigInteger.valueOf(MAX_COST))
                        > 0) {
            throw new InvalidWhere("where: has " + expression.length() + " characters and would be asked about each of "
                    + combinations + " combinations, which takes too long; shorten it, or list fewer values");
        }
    }

    /**
     * Compiles an expression.
     *
     * @throws InvalidWhere if it is none, or none of these parameters
     */
    public static Where of(String expression, SearchSpace space) {
        checkCost(expression, space);
        Map<String, CelType> types = new LinkedHashMap<>();
        space.dimensions().forEach(dimension -> types.put(dimension.name(), type(dimension.distribution())));
        var builder = CelFactory.standardCelBuilder()
                .setOptions(CelOptions.current()
                        .comprehensionMaxIterations(MAX_ITERATIONS)
                        .enableHeterogeneousNumericComparisons(true)
                        .build())
                .setResultType(SimpleType.BOOL);
        types.forEach((name, type) -> {
            if (IDENTIFIER.matcher(name).matches()) {
                builder.addVar(PARAMETERS + "." + name, type);
            }
        });
        if (INDEXED.matcher(expression).find()) {
            // Only then: with the map declared, a name that is not there would be found out late.
            builder.addVar(PARAMETERS, MapType.create(SimpleType.STRING, SimpleType.DYN));
        }
        Cel cel = builder.build();
        try {
            CelAbstractSyntaxTree tree = cel.compile(expression).getAst();
            return new Where(cel.createProgram(tree), types);
        } catch (CelValidationException e) {
            throw new InvalidWhere("where: " + expression + " cannot be run (" + words(e) + "); " + wayOut(e, types));
        } catch (CelEvaluationException e) {
            throw new InvalidWhere("where: " + expression + " cannot be run (" + e.getMessage() + "); correct it");
        }
    }

    private static String words(CelValidationException e) {
        return e.getErrors().stream()
                .map(issue -> issue.getMessage())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String wayOut(CelValidationException e, Map<String, CelType> types) {
        String words = words(e);
        if (words.contains("undeclared reference")) {
            return "write parameters.NAME, with one of the names " + String.join(", ", types.keySet())
                    + "; a name with other characters than letters, digits, _ and . as parameters['NAME']";
        }
        return words.contains("no matching overload")
                ? "write numbers that are not whole with a point (2.0) on both sides of + - * /, or convert with double()"
                : "it must be true or false for each combination";
    }

    /**
     * Whether a point is tried.
     *
     * @throws InvalidWhere if the expression has no answer for it
     */
    public boolean keeps(Map<String, ParameterValue> point) {
        Map<String, Object> all = new HashMap<>();
        Map<String, Object> variables = new HashMap<>();
        types.forEach((name, type) -> {
            Object value = value(point.get(name), type);
            all.put(name, value);
            variables.put(PARAMETERS + "." + name, value);
        });
        variables.put(PARAMETERS, all);
        try {
            return (boolean) program.eval(variables);
        } catch (CelEvaluationException e) {
            throw new InvalidWhere("where: has no answer for " + point + " (" + e.getMessage()
                    + "); make it true or false for each combination");
        }
    }

    private static CelType type(Distribution distribution) {
        if (distribution instanceof IntUniform) {
            return SimpleType.INT;
        }
        if (!(distribution instanceof Categorical categorical)) {
            return SimpleType.DOUBLE;
        }
        Set<CelType> kinds = ((Values.Listed) categorical.choices())
                .values().stream().map(Where::type).collect(Collectors.toSet());
        if (kinds.equals(Set.of(SimpleType.INT, SimpleType.DOUBLE))) {
            return SimpleType.DOUBLE;
        }
        return kinds.size() == 1 ? kinds.iterator().next() : SimpleType.DYN;
    }

    private static CelType type(ParameterValue value) {
        return switch (value.kind()) {
            case NUMBER -> isLong((BigDecimal) value.raw()) ? SimpleType.INT : SimpleType.DOUBLE;
            case TEXT -> SimpleType.STRING;
            case BOOLEAN -> SimpleType.BOOL;
            case JSON -> SimpleType.DYN;
        };
    }

    private static boolean isLong(BigDecimal number) {
        return number.scale() <= 0 && number.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    }

    private static Object value(ParameterValue value, CelType type) {
        if (value.raw() instanceof BigDecimal number) {
            boolean whole = type.equals(SimpleType.INT) || type.equals(SimpleType.DYN) && isLong(number);
            return whole ? (Object) number.longValueExact() : (Object) number.doubleValue();
        }
        return value.kind() == ParameterValue.Kind.JSON ? json(value.json()) : value.raw();
    }

    private static Object json(com.fasterxml.jackson.databind.JsonNode json) {
        if (json.isNull()) {
            return dev.cel.common.values.NullValue.NULL_VALUE;
        }
        if (json.isArray()) {
            List<Object> list = new ArrayList<>();
            json.forEach(element -> list.add(json(element)));
            return list;
        }
        if (json.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            json.properties().forEach(field -> map.put(field.getKey(), json(field.getValue())));
            return map;
        }
        return value(new ParameterValue(json), SimpleType.DYN);
    }
}
