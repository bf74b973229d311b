package dev.sweeps.operator.web;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

/**
 * What is answered instead of what was asked for.
 *
 * @param error a sentence that says what to do
 */
record Problem(String error) {

    static WebApplicationException of(Status status, String sentence) {
        return new WebApplicationException(response(status, sentence));
    }

    static Response response(Status status, String sentence) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Problem(sentence))
                .build();
    }
}
