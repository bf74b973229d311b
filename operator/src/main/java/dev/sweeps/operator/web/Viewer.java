package dev.sweeps.operator.web;

import java.util.List;

/**
 * Who asks.
 *
 * @param token the bearer token, with which the API server does what the viewer may do; never printed
 */
record Viewer(String name, String uid, List<String> groups, String token) {

    @Override
    public String toString() {
        return "Viewer " + name;
    }
}
