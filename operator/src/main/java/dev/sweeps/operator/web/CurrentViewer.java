package dev.sweeps.operator.web;

import dev.sweeps.operator.web.Sessions.Session;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;

/** The viewer of this request. */
@RequestScoped
class CurrentViewer {
    private Viewer viewer;
    private Optional<Session> session = Optional.empty();

    void set(Viewer who, Optional<Session> loggedIn) {
        viewer = who;
        session = loggedIn;
    }

    Viewer viewer() {
        return viewer;
    }

    Optional<Session> session() {
        return session;
    }
}
