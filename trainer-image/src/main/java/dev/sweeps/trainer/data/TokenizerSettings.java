package dev.sweeps.trainer.data;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code tokenizer_config.json} says of a BERT tokenizer, with the defaults of transformers' BertTokenizer.
 *
 * @param stripsAccents null if it follows {@code lowerCase}
 * @param splitsChinese whether each Chinese character is a word
 */
record TokenizerSettings(
        boolean lowerCase,
        Boolean stripsAccents,
        boolean splitsChinese,
        String unknown,
        String begin,
        String end,
        String padding,
        String mask) {

    private static final String FILE = "tokenizer_config.json";
    private static final String ADDED = "added_tokens.json";

    /** @throws IOException with a sentence that names the field, if the file says what is not obeyed here */
    static TokenizerSettings of(Path folder) throws IOException {
        JsonObject fields = json(folder.resolve(FILE));
        if (!bool(fields, "do_basic_tokenize", true)) {
            throw new IOException(FILE + ": do_basic_tokenize is false, which is not supported; use a tokenizer.json");
        }
        return new TokenizerSettings(
                bool(fields, "do_lower_case", true),
                isSet(fields, "strip_accents") ? (Boolean) bool(fields, "strip_accents", false) : null,
                bool(fields, "tokenize_chinese_chars", true),
                token(fields, "unk_token", "[UNK]"),
                token(fields, "cls_token", "[CLS]"),
                token(fields, "sep_token", "[SEP]"),
                token(fields, "pad_token", "[PAD]"),
                token(fields, "mask_token", "[MASK]"));
    }

    /** Returns the tokens that are never split, in the order of BERT's vocabulary. */
    List<String> special() {
        return List.of(padding, unknown, begin, end, mask);
    }

    /** Returns the tokens of {@code added_tokens.json} with their ids; empty if there is no such file. */
    static Map<String, Integer> added(Path folder) throws IOException {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> token : json(folder.resolve(ADDED)).entrySet()) {
            try {
                tokens.put(token.getKey(), token.getValue().getAsInt());
            } catch (RuntimeException e) {
                throw new IOException(ADDED + ": " + token.getKey() + " has no whole number for its id", e);
            }
        }
        return tokens;
    }

    /**
     * The {@code tokenizer.json} of a folder as transformers' BertTokenizerFast has it: what {@code tokenizer_config.json} says of case, accents and
     * Chinese characters wins over its normalizer.
     */
    static String normalized(Path folder, String tokenizerJson) throws IOException {
        JsonObject fields = json(folder.resolve(FILE));
        JsonObject tokenizer = new Gson().fromJson(tokenizerJson, JsonObject.class);
        JsonElement normalizer = tokenizer.get("normalizer");
        boolean isBert = normalizer != null
                && normalizer.isJsonObject()
                && normalizer.getAsJsonObject().has("type")
                && normalizer.getAsJsonObject().get("type").getAsString().equals("BertNormalizer");
        if (!isBert) {
            return tokenizerJson;
        }
        Map<String, String> names = Map.of(
                "do_lower_case",
                "lowercase",
                "strip_accents",
                "strip_accents",
                "tokenize_chinese_chars",
                "handle_chinese_chars");
        names.forEach((theirs, field) -> {
            if (isSet(fields, theirs)) {
                normalizer.getAsJsonObject().add(field, fields.get(theirs));
            }
        });
        return new Gson()
                .newBuilder()
                .serializeNulls()
                .disableHtmlEscaping()
                .create()
                .toJson(tokenizer);
    }

    private static JsonObject json(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new JsonObject();
        }
        try {
            JsonObject fields = new Gson().fromJson(Files.readString(file), JsonObject.class);
            return fields == null ? new JsonObject() : fields;
        } catch (JsonParseException e) {
            throw new IOException(file.getFileName() + " is not a JSON object", e);
        }
    }

    private static boolean isSet(JsonObject fields, String name) {
        return fields.has(name) && !fields.get(name).isJsonNull();
    }

    private static boolean bool(JsonObject fields, String name, boolean otherwise) throws IOException {
        if (!isSet(fields, name)) {
            return otherwise;
        }
        JsonElement value = fields.get(name);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw new IOException(FILE + ": " + name + " is " + value + "; write true or false");
        }
        return value.getAsBoolean();
    }

    /** Reads a text, or an object with the text as its content. */
    private static String token(JsonObject fields, String name, String otherwise) throws IOException {
        if (!isSet(fields, name)) {
            return otherwise;
        }
        JsonElement value = fields.get(name);
        JsonElement content = value.isJsonObject() ? value.getAsJsonObject().get("content") : value;
        if (content == null || !content.isJsonPrimitive()) {
            throw new IOException(FILE + ": " + name + " is " + value + "; write a token");
        }
        return content.getAsString();
    }
}
