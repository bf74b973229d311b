package dev.sweeps.operator.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.analysis.Analysis;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.operator.cluster.Caches;
import dev.sweeps.operator.status.Timestamps;
import dev.sweeps.operator.sweep.Analyses;
import dev.sweeps.report.SweepReport;
import dev.sweeps.results.ResultsCsv;
import dev.sweeps.results.RunTimes;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Sweeps, their trials and their analysis, from the caches. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public class SweepsResource {
    private static final int MAX_PAGE = 1_000;
    /** Maximum number of curves in one answer. */
    private static final int MAX_CURVES = 1_000;

    /** Maximum duration of a stream. A browser then requests another, and the rights of the viewer are checked again. */
    private static final Duration STREAM = Duration.ofMinutes(1);

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Caches caches;
    private final Snapshots snapshots;
    private final Analyses analyses;
    private final Access access;
    private final CurrentViewer current;

    SweepsResource(Caches caches, Snapshots snapshots, Analyses analyses, Access access, CurrentViewer current) {
        this.caches = caches;
        this.snapshots = snapshots;
        this.analyses = analyses;
        this.access = access;
        this.current = current;
    }

    /**
     * A part of the trials.
     *
     * @param total how many there are with this filter
     */
    public record Page(int total, int offset, List<TrialRow> trials) {}

    /**
     * A sweep without its trials.
     *
     * @param analysis the newest; null while the first one is being made
     * @param commands command lines of the best, by trial
     * @param estimatedEnd when it will have ended, RFC 3339; null where nothing runs, or no trial has ended yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Overview(SweepResults sweep, Analysis analysis, Map<String, String> commands, String estimatedEnd) {}

    @GET
    @Path("/sweeps")
    @Operation(summary = "The sweeps of the namespaces in which the viewer may list them, the newest first")
    public List<SweepSummary> sweeps(@QueryParam("namespace") String namespace) {
        Viewer viewer = current.viewer();
        return caches.sweeps().stream()
                .filter(sweep -> namespace == null
                        || namespace.equals(sweep.getMetadata().getNamespace()))
                .filter(sweep ->
                        access.mayListSweeps(viewer, sweep.getMetadata().getNamespace()))
                .sorted(Comparator.comparing(
                                (Sweep sweep) -> sweep.getMetadata().getCreationTimestamp())
                        .reversed()
                        .thenComparing(sweep -> sweep.getMetadata().getName()))
                .map(SweepSummary::of)
                .toList();
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}")
    @Operation(
            summary =
                    "A sweep without its trials, with the newest analysis, which may be some trials behind while it runs")
    @APIResponseSchema(Overview.class)
    public Response sweep(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context Request request) {
        return answer(
                namespace,
                name,
                request,
                snapshot -> {
                    // An analysis that is finished in time belongs to this answer, and to its tag.
                    recent(snapshot);
                    return state(snapshot);
                },
                this::overview);
    }

    private Overview overview(Snapshot snapshot) {
        SweepResults results = snapshot.results();
        Optional<Analysis> analysis = recent(snapshot);
        return new Overview(
                results.withTrials(List.of()),
                analysis.orElse(null),
                analysis.map(found -> SweepReport.commands(snapshot.spec(), results, found))
                        .orElse(Map.of()),
                RunTimes.of(results).end().map(Timestamps::of).orElse(null));
    }

    private Optional<Analysis> recent(Snapshot snapshot) {
        return analyses.recent(
                snapshot.uid(), snapshot.table(), snapshot.results().groupBy());
    }

    private Analysis analysis(Snapshot snapshot) {
        return analyses.of(snapshot.uid(), snapshot.table(), snapshot.results().groupBy());
    }

    /** Returns a tag that changes with the sweep, its trials, and their analysis. */
    private String state(Snapshot snapshot) {
        return snapshot.version() + "."
                + analyses.refresh(
                        snapshot.uid(), snapshot.table(), snapshot.results().groupBy());
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/changes")
    @Operation(
            summary =
                    "The trials that are new or changed since an earlier answer; all of them without such, or after so many"
                            + " changes that these would be as long")
    @APIResponseSchema(Changes.class)
    public Response changes(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("since") String since,
            @Context Request request) {
        return answer(namespace, name, request, snapshot -> snapshot.since(since));
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/analysis")
    @Operation(summary = "What the trials say")
    @APIResponseSchema(Analysis.class)
    public Response analysis(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context Request request) {
        return answer(namespace, name, request, this::analysis);
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/trials")
    @Operation(
            summary = "A page of the trials, without their curves and messages",
            description =
                    "state: only trials in this state. text: only trials that hold each of its words, as in 'bert batch=16"
                            + " eval_acc>0.8'. sort: number, trial, state, value, started, ended, node, attempts, step, reason,"
                            + " parameters.NAME or metrics.NAME.")
    @APIResponseSchema(Page.class)
    public Response trials(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("offset") @DefaultValue("0") int offset,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("state") String state,
            @QueryParam("text") String text,
            @QueryParam("sort") @DefaultValue("number") String sort,
            @QueryParam("descending") @DefaultValue("false") boolean descending,
            @Context Request request) {
        if (offset < 0 || limit < 1 || limit > MAX_PAGE) {
            throw Problem.of(
                    Status.BAD_REQUEST,
                    "offset is " + offset + " and limit is " + limit
                            + "; use an offset of 0 or more and a limit of 1 to " + MAX_PAGE);
        }
        Predicate<TrialRow> filter;
        Comparator<TrialRow> order;
        try {
            filter = TrialFilter.of(state, text);
            order = TrialOrder.of(sort, descending);
        } catch (IllegalArgumentException e) {
            throw Problem.of(Status.BAD_REQUEST, e.getMessage());
        }
        return answer(namespace, name, request, snapshot -> {
            List<TrialRow> wanted = snapshot.results().trials().stream()
                    .filter(filter)
                    .sorted(order)
                    .toList();
            return new Page(
                    wanted.size(),
                    offset,
                    wanted.stream()
                            .skip(offset)
                            .limit(limit)
                            .map(TrialRow::withoutCurveAndMessage)
                            .toList());
        });
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/trials/{trial}")
    @Operation(summary = "One trial with its curve")
    @APIResponseSchema(TrialRow.class)
    public Response trial(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @PathParam("trial") String trial,
            @Context Request request) {
        return answer(namespace, name, request, snapshot -> snapshot.results().trials().stream()
                .filter(row -> row.trial().equals(trial))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        Status.NOT_FOUND,
                        "there is no trial " + trial + " of the sweep " + name + "; it may have been deleted")));
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/history")
    @Operation(
            summary =
                    "The metric over the steps by trial; of many trials a part of them, taken evenly in running order")
    public Response history(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context Request request) {
        return answer(namespace, name, request, snapshot -> {
            List<TrialRow> withCurve = snapshot.results().trials().stream()
                    .filter(row -> !row.history().isEmpty())
                    .toList();
            Map<String, List<MetricPoint>> curves = new TreeMap<>();
            int kept = Math.min(MAX_CURVES, withCurve.size());
            for (int i = 0; i < kept; i++) {
                TrialRow row = withCurve.get((int) ((long) i * withCurve.size() / kept));
                curves.put(row.trial(), row.history());
            }
            return curves;
        });
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/export.json")
    @Operation(summary = "The sweep with all of its trials and its analysis, as `kubectl sweep report` holds it")
    @APIResponseSchema(SweepReport.class)
    public Response exportJson(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context Request request) {
        return answer(
                namespace,
                name,
                request,
                snapshot -> SweepReport.of(snapshot.results(), analysis(snapshot), snapshot.spec()));
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/export.csv")
    @Produces("text/csv")
    @Operation(summary = "All trials as a table")
    public Response exportCsv(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context Request request) {
        return answer(namespace, name, request, snapshot -> {
            StringBuilder csv = new StringBuilder();
            try {
                ResultsCsv.write(snapshot.results(), csv);
            } catch (IOException e) {
                throw new IllegalStateException("a StringBuilder takes everything", e);
            }
            return csv.toString();
        });
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    @Operation(summary = "A line for each change of the sweep or of its trials, at most every two seconds")
    public Multi<String> events(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        Viewer viewer = current.viewer();
        allowed(viewer, namespace);
        return Multi.createFrom()
                .ticks()
                .every(LOOK)
                .onOverflow()
                .drop()
                .map(tick -> snapshots.of(namespace, name).map(this::state).orElse("deleted"))
                .skip()
                .repetitions()
                .select()
                .first(STREAM);
    }

    /** Returns the answer if the viewer has access, or 304 if the viewer has it already. */
    private Response answer(String namespace, String name, Request request, Function<Snapshot, Object> body) {
        return answer(namespace, name, request, Snapshot::version, body);
    }

    private Response answer(
            String namespace,
            String name,
            Request request,
            Function<Snapshot, String> version,
            Function<Snapshot, Object> body) {
        allowed(current.viewer(), namespace);
        Snapshot snapshot = snapshots.of(namespace, name).orElseThrow(() -> missing(namespace, name));
        EntityTag tag = new EntityTag(version.apply(snapshot));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? Response.ok(body.apply(snapshot)) : unchanged)
                .tag(tag)
                .header("Cache-Control", "private, no-cache")
                .build();
    }

    /** Checks the rights first, so that the answer does not reveal whether a sweep exists. */
    private void allowed(Viewer viewer, String namespace) {
        if (!access.maySee(viewer, namespace)) {
            throw Problem.of(
                    Status.FORBIDDEN,
                    viewer.name() + " may not see sweeps in namespace " + namespace
                            + ": it takes get sweeps and list trials of sweeps.dev, which the role view holds; ask who manages"
                            + " the namespace");
        }
    }

    private static RuntimeException missing(String namespace, String name) {
        return Problem.of(
                Status.NOT_FOUND,
                "there is no sweep " + name + " in namespace " + namespace + "; it may have been deleted");
    }
}
