package dev.sweeps.trainer.data;

import com.google.gson.Gson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The {@code tokenizer.json} that stands for a {@code vocab.txt}: BERT's WordPiece, as transformers' BertConverter makes it. */
final class WordPieceJson {
    private WordPieceJson() {}

    static String of(List<String> vocabulary, boolean lowerCase) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (String token : vocabulary) {
            ids.putIfAbsent(token, ids.size());
        }
        for (String special : List.of("[UNK]", "[CLS]", "[SEP]")) {
            if (!ids.containsKey(special)) {
                throw new IllegalArgumentException("vocab.txt has no " + special);
            }
        }
        Map<String, Object> normalizer = new LinkedHashMap<>();
        normalizer.put("type", "BertNormalizer");
        normalizer.put("clean_text", true);
        normalizer.put("handle_chinese_chars", true);
        normalizer.put("strip_accents", null);
        normalizer.put("lowercase", lowerCase);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put(
                "added_tokens",
                Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
                        .filter(ids::containsKey)
                        .map(token -> special(ids, token))
                        .toList());
        json.put("normalizer", normalizer);
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put(
                "post_processor",
                Map.of(
                        "type", "BertProcessing",
                        "sep", List.of("[SEP]", ids.get("[SEP]")),
                        "cls", List.of("[CLS]", ids.get("[CLS]"))));
        json.put("decoder", Map.of("type", "WordPiece", "prefix", "##", "cleanup", true));
        json.put(
                "model",
                Map.of(
                        "type", "WordPiece",
                        "unk_token", "[UNK]",
                        "continuing_subword_prefix", "##",
                        "max_input_chars_per_word", 100,
                        "vocab", ids));
        return new Gson().newBuilder().serializeNulls().create().toJson(json);
    }

    private static Map<String, Object> special(Map<String, Integer> ids, String token) {
        return Map.of(
                "id", ids.get(token),
                "content", token,
                "single_word", false,
                "lstrip", false,
                "rstrip", false,
                "normalized", false,
                "special", true);
    }
}
