package dev.sweeps.file;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads JSON. YAML readers are no substitute, because JSON may contain tabs and {@code \\/}. Numbers keep their digits. */
final class JsonText {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Start of an object whose first key is in double quotes. Flow-style YAML such as {@code {method: grid}} does not match. */
    private static final Pattern LOOKS_LIKE_JSON = Pattern.compile("\\s*\\{\\s*\"(?:[^\"\\\\]|\\\\.)*\"\\s*:");

    private JsonText() {}

    /**
     * The value that the text consists of; empty if it is not JSON but may be YAML.
     *
     * @throws InvalidFile if it is JSON with a mistake
     */
    static Optional<JsonNode> read(String text) {
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            if (e.getOriginalMessage().startsWith("Duplicate field")) {
                throw new InvalidFile(e.getOriginalMessage().replaceFirst("Duplicate field '(.*)'", "$1") + line(e)
                        + ": occurs twice; remove one");
            }
            // Comments and trailing commas are not JSON, but YAML accepts them.
            boolean isJson = LOOKS_LIKE_JSON.matcher(text).lookingAt() && (text.contains("\t") || text.contains("\\/"));
            if (isJson) {
                throw new InvalidFile("is no JSON" + line(e) + ": " + e.getOriginalMessage());
            }
            return Optional.empty();
        }
    }

    private static String line(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        return place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }
}
