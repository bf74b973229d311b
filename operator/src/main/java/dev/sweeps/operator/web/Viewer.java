package dev.sweeps.operator.web;

import java.util.List;
import java.util.Map;

/**
 * Who asks.
 *
 * @param extra what the authenticator says besides, such as the scopes of a token
 * @param token the bearer token, with which the API server does what the viewer may do; never printed
 */
record Viewer(String name, String uid, List<String> groups, Map<String, List<String>> extra, String token) {

    @Override
    public String toString() {
        return "Viewer " + name;
    }
}
