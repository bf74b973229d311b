package dev.sweeps.results;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/** How results and analyses are written as JSON: names in snake_case, numbers plain, computed ones to eight significant digits. */
public final class Documents {
    private static final MathContext COMPUTED = new MathContext(8);

    private static final ObjectMapper JSON = configure(new JsonMapper());

    private Documents() {}

    /** Makes a mapper one that writes documents; returns it. */
    public static ObjectMapper configure(ObjectMapper mapper) {
        return mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
                .registerModule(new SimpleModule()
                        .addSerializer(Double.class, new Computed())
                        .addSerializer(double.class, new Computed()));
    }

    /** One document in one line. */
    public static String json(Object document) {
        return write(JSON.writer(), document);
    }

    /** Writes a document as JSON with line breaks. */
    public static String prettyJson(Object document) {
        return write(JSON.writerWithDefaultPrettyPrinter(), document);
    }

    /** Reads what {@link #json} writes. */
    public static <T> T read(String text, TypeReference<T> type) throws JsonProcessingException {
        return JSON.readValue(text, type);
    }

    private static String write(ObjectWriter writer, Object document) {
        try {
            return writer.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(document.getClass() + " cannot be written as JSON", e);
        }
    }

    /** NaN and infinity have no word in JSON. */
    private static final class Computed extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                generator.writeNumber(new BigDecimal(value, COMPUTED).stripTrailingZeros());
            } else {
                generator.writeNull();
            }
        }
    }
}
