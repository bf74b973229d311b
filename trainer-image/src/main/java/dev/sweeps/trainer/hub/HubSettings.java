package dev.sweeps.trainer.hub;

import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.TrainingException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the Hub is reached, from the environment variables that Python's huggingface_hub reads.
 *
 * @param endpoint {@code HF_ENDPOINT}, without a slash at its end
 * @param token {@code HF_TOKEN}
 * @param cache folder with the models: {@code HF_HUB_CACHE}, or {@code hub} in {@code HF_HOME}
 * @param offline {@code HF_HUB_OFFLINE}: nothing is asked of the Hub, only the cache is used
 * @param proxies {@code HTTPS_PROXY} or {@code HTTP_PROXY}, but for the hosts of {@code NO_PROXY}
 */
public record HubSettings(URI endpoint, Optional<String> token, Path cache, boolean offline, ProxySelector proxies) {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /**
     * @param cacheDirectory {@code --cache_dir}, which goes before the environment
     */
    public static HubSettings of(Map<String, String> environment, Optional<Path> cacheDirectory) {
        String endpoint = environment.getOrDefault("HF_ENDPOINT", "https://huggingface.co");
        return new HubSettings(
                address("HF_ENDPOINT", endpoint),
                Optional.ofNullable(environment.get("HF_TOKEN"))
                        .map(String::strip)
                        .filter(token -> !token.isEmpty()),
                cacheDirectory.orElseGet(() -> cache(environment)),
                TRUE.contains(environment.getOrDefault("HF_HUB_OFFLINE", "").toUpperCase(Locale.ROOT)),
                new EnvironmentProxies(environment));
    }

    /** Omits the token. */
    @Override
    public String toString() {
        return "HubSettings[" + endpoint + ", " + cache + (offline ? ", offline]" : "]");
    }

    static URI address(String variable, String value) {
        try {
            URI address = URI.create(value.replaceAll("/+$", ""));
            if (Set.of("http", "https").contains(String.valueOf(address.getScheme())) && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // The exception below names it.
        }
        throw new TrainingException(
                ExitCode.USAGE, variable + " is \"" + value + "\"; use an address such as https://huggingface.co");
    }

    private static Path cache(Map<String, String> environment) {
        if (environment.containsKey("HF_HUB_CACHE")) {
            return Path.of(environment.get("HF_HUB_CACHE"));
        }
        Path home = environment.containsKey("HF_HOME")
                ? Path.of(environment.get("HF_HOME"))
                : Path.of(environment.getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
                        .resolve("huggingface");
        return home.resolve("hub");
    }
}
