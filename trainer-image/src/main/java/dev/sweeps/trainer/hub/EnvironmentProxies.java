package dev.sweeps.trainer.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Selects the proxy for each address by the environment: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code NO_PROXY}, in upper or lower case. */
final class EnvironmentProxies extends ProxySelector {
    private static final int DEFAULT_PORT = 3128;

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI address) {
        String variable = address.getScheme().toUpperCase(Locale.ROOT) + "_PROXY";
        String proxy = value(variable);
        if (proxy.isBlank() || isDirect(address.getHost())) {
            return List.of(Proxy.NO_PROXY);
        }
        URI server = HubSettings.address(variable, proxy.contains("://") ? proxy : "http://" + proxy);
        int port = server.getPort() < 0 ? DEFAULT_PORT : server.getPort();
        return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(server.getHost(), port)));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // The failed request reports it.
    }

    private boolean isDirect(String host) {
        return Stream.of(value("NO_PROXY").split(","))
                .map(exception -> exception.strip().replaceFirst("^\\*?\\.", ""))
                .anyMatch(exception -> exception.equals("*")
                        || !exception.isEmpty() && (host.equals(exception) || host.endsWith("." + exception)));
    }

    private String value(String variable) {
        return Optional.ofNullable(environment.get(variable))
                .orElseGet(() -> environment.getOrDefault(variable.toLowerCase(Locale.ROOT), ""));
    }
}
