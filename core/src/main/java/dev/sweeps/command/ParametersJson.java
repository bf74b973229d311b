package dev.sweeps.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.SortedMap;

/** The parameters of a trial as one JSON object, with the escapes of Python's {@code json.dumps} and plain numbers. */
public final class ParametersJson {
    private static final DefaultPrettyPrinter.Indenter NO_LINES = new DefaultPrettyPrinter.NopIndenter();

    private static final ObjectWriter WRITER = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .build()
            .writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEntrySpacing(Separators.Spacing.AFTER)
                            .withArrayValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(NO_LINES)
                    .withArrayIndenter(NO_LINES));

    private ParametersJson() {}

    /** Returns the object in one line. */
    public static String of(SortedMap<String, ParameterValue> parameters) {
        try {
            return WRITER.writeValueAsString(parameters);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a parameter value is always JSON", e);
        }
    }
}
