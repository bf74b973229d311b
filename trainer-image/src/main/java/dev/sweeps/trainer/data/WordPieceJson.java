package dev.sweeps.trainer.data;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the {@code tokenizer.json} for a {@code vocab.txt}: BERT's WordPiece, as in BertConverter of transformers. */
final class WordPieceJson {
    private WordPieceJson() {}

    /**
     * Makes the file.
     *
     * @param vocabulary lines of {@code vocab.txt}: the id of a token is the number of its line, and of its last one if it has several, as in
     *     {@code load_vocab} of transformers
     * @param added tokens of {@code added_tokens.json} with their ids
     */
    static String of(List<String> vocabulary, TokenizerSettings settings, Map<String, Integer> added) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int line = 0; line < vocabulary.size(); line++) {
            ids.put(vocabulary.get(line), line);
        }
        Map<String, Integer> all = new LinkedHashMap<>(ids);
        added.forEach(all::putIfAbsent);
        for (String special : List.of(settings.unknown(), settings.begin(), settings.end())) {
            if (!all.containsKey(special)) {
                throw new IllegalArgumentException("vocab.txt has no " + special);
            }
        }
        Map<String, Object> normalizer = new LinkedHashMap<>();
        normalizer.put("type", "BertNormalizer");
        normalizer.put("clean_text", true);
        normalizer.put("handle_chinese_chars", settings.splitsChinese());
        normalizer.put("strip_accents", settings.stripsAccents());
        normalizer.put("lowercase", settings.lowerCase());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        List<Map<String, Object>> tokens = new ArrayList<>();
        settings.special().stream()
                .filter(all::containsKey)
                .forEach(token -> tokens.add(token(all.get(token), token, true)));
        added.forEach((token, id) -> {
            if (!settings.special().contains(token)) {
                tokens.add(token(id, token, false));
            }
        });
        tokens.sort(Comparator.comparing(token -> (Integer) token.get("id")));
        json.put("added_tokens", tokens);
        json.put("normalizer", normalizer);
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put(
                "post_processor",
                Map.of(
                        "type", "BertProcessing",
                        "sep", List.of(settings.end(), all.get(settings.end())),
                        "cls", List.of(settings.begin(), all.get(settings.begin()))));
        json.put("decoder", Map.of("type", "WordPiece", "prefix", "##", "cleanup", true));
        json.put(
                "model",
                Map.of(
                        "type",
                        "WordPiece",
                        "unk_token",
                        settings.unknown(),
                        "continuing_subword_prefix",
                        "##",
                        "max_input_chars_per_word",
                        100,
                        "vocab",
                        ids));
        return new Gson().newBuilder().serializeNulls().create().toJson(json);
    }

    private static Map<String, Object> token(int id, String content, boolean isSpecial) {
        return Map.of(
                "id",
                id,
                "content",
                content,
                "single_word",
                false,
                "lstrip",
                false,
                "rstrip",
                false,
                "normalized",
                !isSpecial,
                "special",
                isSpecial);
    }
}
