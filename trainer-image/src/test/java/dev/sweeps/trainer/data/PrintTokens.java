package dev.sweeps.trainer.data;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Token ids and types of sentences, for {@code interop.py}: {@code PrintTokens FOLDER LENGTH}, with a JSON list of lists as standard input. */
final class PrintTokens {
    private PrintTokens() {}

    public static void main(String[] words) throws IOException {
        List<List<String>> sentences;
        try (Reader json = new InputStreamReader(System.in, StandardCharsets.UTF_8)) {
            sentences = new Gson().fromJson(json, new TypeToken<List<List<String>>>() {}.getType());
        }
        try (GlueTokenizer tokenizer = GlueTokenizer.load(Path.of(words[0]), Integer.parseInt(words[1]), false)) {
            List<Example> examples = tokenizer.examples(each -> sentences.forEach(
                    one -> each.accept(new GlueTask.Row(one.get(0), one.size() > 1 ? one.get(1) : null, 0))));
            System.out.println(new Gson()
                    .toJson(examples.stream()
                            .map(example -> List.of(example.ids(), example.types()))
                            .toList()));
        }
    }
}
