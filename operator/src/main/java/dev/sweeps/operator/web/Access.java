package dev.sweeps.operator.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the API server for the owner of a token and their rights. Answers are cached briefly. */
@Singleton
class Access {
    private static final Duration WHO = Duration.ofMinutes(1);
    private static final Duration MAY = Duration.ofSeconds(30);
    private static final int MAX_KEPT = 10_000;

    private final KubernetesClient client;
    private final Cache<String, Optional<Viewer>> viewers =
            Caffeine.newBuilder().expireAfterWrite(WHO).maximumSize(MAX_KEPT).build();
    private final Cache<Question, Boolean> answers =
            Caffeine.newBuilder().expireAfterWrite(MAY).maximumSize(MAX_KEPT).build();

    Access(KubernetesClient client) {
        this.client = client;
    }

    /**
     * What somebody wants to do.
     *
     * @param extra what else the token says, such as its scopes
     * @param namespace null for all of them
     * @param group of the API, e.g. {@code sweeps.dev}
     * @param subresource null for none
     */
    private record Question(
            String user,
            List<String> groups,
            Map<String, List<String>> extra,
            String verb,
            String namespace,
            String group,
            String resource,
            String subresource) {}

    /**
     * Returns the owner of a token; empty if the API server does not know it. Cached by the hash of the token, so that a memory dump
     * contains no old tokens.
     */
    Optional<Viewer> viewer(String token) {
        return viewers.get(hash(token), key -> review(token));
    }

    boolean mayListSweeps(Viewer viewer, String namespace) {
        return may(viewer, "list", null, "sweeps.dev", "sweeps", null)
                || namespace != null && may(viewer, "list", namespace, "sweeps.dev", "sweeps", null);
    }

    /** Returns the rights that are needed to see a sweep with its trials. */
    boolean maySee(Viewer viewer, String namespace) {
        return may(viewer, "get", namespace, "sweeps.dev", "sweeps", null)
                && may(viewer, "list", namespace, "sweeps.dev", "trials", null);
    }

    boolean mayReadLogs(Viewer viewer, String namespace) {
        return may(viewer, "get", namespace, "", "pods", "log");
    }

    private boolean may(
            Viewer viewer, String verb, String namespace, String group, String resource, String subresource) {
        Question question = new Question(
                viewer.name(), viewer.groups(), viewer.extra(), verb, namespace, group, resource, subresource);
        return answers.get(question, key -> ask(viewer, key));
    }

    private Optional<Viewer> review(String token) {
        TokenReview review = client.resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .endSpec()
                        .build())
                .create();
        if (review.getStatus() == null
                || !Boolean.TRUE.equals(review.getStatus().getAuthenticated())) {
            return Optional.empty();
        }
        UserInfo user = review.getStatus().getUser();
        List<String> groups = user.getGroups() == null ? List.of() : List.copyOf(user.getGroups());
        Map<String, List<String>> extra = user.getExtra() == null ? Map.of() : Map.copyOf(user.getExtra());
        return Optional.of(new Viewer(user.getUsername(), user.getUid(), groups, extra, token));
    }

    private boolean ask(Viewer viewer, Question question) {
        SubjectAccessReview review = client.resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(viewer.name())
                        .withUid(viewer.uid())
                        .withGroups(viewer.groups())
                        .withExtra(viewer.extra())
                        .withNewResourceAttributes()
                        .withVerb(question.verb)
                        .withNamespace(question.namespace)
                        .withGroup(question.group)
                        .withResource(question.resource)
                        .withSubresource(question.subresource)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create();
        return review.getStatus() != null
                && Boolean.TRUE.equals(review.getStatus().getAllowed());
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
