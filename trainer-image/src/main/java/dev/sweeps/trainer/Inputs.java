package dev.sweeps.trainer;

import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.hub.GlueDownload;
import dev.sweeps.trainer.hub.Hub;
import dev.sweeps.trainer.hub.HubSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Folders that a run reads; what is not there is fetched.
 *
 * @param model with {@code config.json} and {@code model.safetensors}
 * @param tokenizer with {@code tokenizer.json} or {@code vocab.txt}
 * @param data with the TSV files of the task
 */
record Inputs(Path model, Path tokenizer, Path data) {

    /**
     * @param environment of the Hub's client
     * @param say tells people of downloads
     * @throws TrainingException if something is not there and cannot be fetched
     */
    static Inputs locate(Arguments arguments, GlueTask task, Map<String, String> environment, Consumer<String> say) {
        HubSettings settings = HubSettings.of(environment, arguments.cacheDirectory());
        Hub hub = new Hub(settings, say);
        Path model = folder(arguments.model(), id -> hub.model(id, arguments.revision()));
        Path tokenizer = arguments
                .tokenizer()
                .map(name -> folder(name, id -> hub.tokenizer(id, arguments.revision())))
                .orElse(model);
        Path data = arguments.dataDirectory();
        // A folder that is named after the task, as GLUE's own are; any other one is somebody's own data.
        if (!Files.exists(data) && data.endsWith(task.folderName())) {
            data = new GlueDownload(settings, environment, say).folder(task, data);
        }
        return new Inputs(model, tokenizer, data);
    }

    /** A folder that is there, else one that the Hub's client makes of an id. */
    private static Path folder(String name, Function<String, Path> fromHub) {
        Path folder = Path.of(name);
        return Files.isDirectory(folder) || !Hub.isId(name) ? folder : fromHub.apply(name);
    }
}
