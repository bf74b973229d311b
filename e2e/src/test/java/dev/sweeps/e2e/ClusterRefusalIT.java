package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the cluster refuses, the user hears in the cluster's words; and it goes on by itself when the cause goes. */
class ClusterRefusalIT extends SweepTest {
    private static final String SCRIPT = "echo eval_acc=0.5";

    @Test
    void aPodThatPodSecurityForbidsIsTold() {
        create(one("secure", SCRIPT)
                .replace(
                        "name: trainer,",
                        "name: trainer, securityContext: {privileged: true, allowPrivilegeEscalation: true},"));
        TrialStatus trial = awaitTrial("secure", status -> "FailedCreate".equals(status.reason()));
        assertThat(trial.state()).isEqualTo(TrialStatus.State.PENDING);
        assertThat(trial.message()).contains("violates PodSecurity \"restricted:latest\": privileged");
        SweepStatus status = awaitStatus(
                "secure", now -> condition(now, "Complete").getReason().equals("FailedCreate"));
        assertThat(condition(status, "Complete").getMessage()).contains("violates PodSecurity");
    }

    @Test
    void itIsToldWithinTenSeconds() {
        Instant start = Instant.now();
        create(one("soon", SCRIPT).replace("terminationGracePeriodSeconds: 1", "serviceAccountName: nobody"));
        SweepStatus status = awaitStatus(
                "soon", now -> condition(now, "Complete").getReason().equals("FailedCreate"));
        assertThat(condition(status, "Complete").getMessage()).contains("serviceaccount \"nobody\" not found");
        // The test polls too; the point is that no back-off of minutes lies between.
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));

        kubectl("create", "serviceaccount", "nobody");
        assertThat(awaitEnd("soon").state()).isEqualTo(State.COMPLETE);
        assertThat(trials("soon").get(0).getStatus().reason()).isNull();
    }

    @Test
    void aQuotaOfJobsIsToldAndWaitedFor() {
        kubectl("create", "quota", "few", "--hard=count/jobs.batch=0");
        create(one("jobs", SCRIPT));
        TrialStatus trial = awaitTrial("jobs", status -> "JobRefused".equals(status.reason()));
        assertThat(trial.message()).contains("exceeded quota: few");
        assertThat(condition(
                                awaitStatus("jobs", now -> condition(now, "Complete")
                                        .getReason()
                                        .equals("JobRefused")),
                                "Complete")
                        .getMessage())
                .contains("exceeded quota: few");
        kubectl("delete", "quota", "few");
        assertThat(awaitEnd("jobs").state()).isEqualTo(State.COMPLETE);
    }

    @Test
    void aQuotaOfTrialsIsToldAndWaitedFor() {
        kubectl("create", "quota", "few", "--hard=count/trials.sweeps.dev=1");
        create(BUSYBOX.formatted("trials", SCRIPT));
        SweepStatus status = awaitStatus(
                "trials", now -> condition(now, "Complete").getReason().equals("TrialRefused"));
        assertThat(condition(status, "Complete").getMessage()).contains("exceeded quota: few");
        kubectl("delete", "quota", "few");
        assertThat(awaitEnd("trials").trials().succeeded()).isEqualTo(6);
    }

    /** The first attempt fails, and a quota that came meanwhile keeps the second away. */
    @Test
    void aQuotaThatKeepsARetryAwayIsTold() {
        create(one("retry", "sleep 3; exit 1").replace("retries: 0", "retries: 1"));
        awaitTrial("retry", status -> status.state() == TrialStatus.State.RUNNING);
        kubectl("create", "quota", "few", "--hard=count/pods=1");
        TrialStatus trial = awaitTrial("retry", status -> "FailedCreate".equals(status.reason()));
        assertThat(trial.message()).contains("exceeded quota: few").contains("attempt 1 failed");
        kubectl("delete", "quota", "few");
        awaitEnd("retry");
        assertThat(trials("retry").get(0).getStatus().attempts()).isEqualTo(2);
    }

    @Test
    void aLimitRangeIsTold() {
        create(
                """
                apiVersion: v1
                kind: LimitRange
                metadata: {name: small}
                spec: {limits: [{type: Container, max: {memory: 64Mi}}]}
                """);
        create(one("limit", SCRIPT)
                .replace(
                        "name: trainer,",
                        "name: trainer, resources: {requests: {memory: 1Gi}, limits: {memory: 1Gi}},"));
        assertThat(awaitTrial("limit", status -> "FailedCreate".equals(status.reason()))
                        .message())
                .contains("maximum memory usage per Container is 64Mi");
    }

    @Test
    void aPolicyThatRefusesJobsIsToldAndAskedAgain() {
        String policy =
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  failurePolicy: Fail
                  matchConstraints:
                    resourceRules: [{apiGroups: [batch], apiVersions: [v1], operations: [CREATE], resources: [jobs]}]
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                  validations: [{expression: "false", message: "jobs need a cost centre"}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec: {policyName: %1$s, validationActions: [Deny]}
                """
                        .formatted(namespace);
        try {
            Shell.attempt(policy, "kubectl", "apply", "-f", "-");
            awaitThatJobsAreAnswered("cost centre");
            create(one("policy", SCRIPT));
            SweepStatus status = awaitStatus("policy", now -> now.state() == State.REJECTED);
            assertThat(condition(status, "Accepted").getMessage()).contains("jobs need a cost centre");
        } finally {
            Shell.attempt(policy, "kubectl", "delete", "-f", "-");
        }
        assertThat(awaitStatus("policy", now -> now.state() == State.COMPLETE)
                        .trials()
                        .succeeded())
                .isEqualTo(1);
    }

    /** The Pod has its node and waits there; only events say for what. */
    @Test
    void aVolumeThatCannotBeMountedIsToldAndWaitedFor() {
        create(one("mount", SCRIPT)
                        .replace(
                                "name: trainer,",
                                "name: trainer, volumeMounts: [{name: settings, mountPath: /settings}],")
                + "      volumes: [{name: settings, configMap: {name: settings}}]\n");
        TrialStatus trial = awaitTrial("mount", status -> "FailedMount".equals(status.reason()));
        assertThat(trial.message()).contains("configmap \"settings\" not found");
        kubectl("create", "configmap", "settings", "--from-literal=a=b");
        // The kubelet tries again with growing pauses, up to two minutes.
        assertThat(awaitEnd("mount").state()).isEqualTo(State.COMPLETE);
    }

    @Test
    void aSecretThatIsNotThereIsToldAndWaitedFor() {
        create(one("config", SCRIPT)
                .replace(
                        "name: trainer,",
                        "name: trainer, env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: hub, key: token}}}],"));
        TrialStatus trial = awaitTrial("config", status -> "CreateContainerConfigError".equals(status.reason()));
        assertThat(trial.message()).contains("secret \"hub\" not found");
        kubectl("create", "secret", "generic", "hub", "--from-literal=token=t");
        assertThat(awaitEnd("config").state()).isEqualTo(State.COMPLETE);
    }

    /** Neither a yes nor a no: the sweep waits, and is not Rejected. */
    @Test
    void aWebhookThatDoesNotAnswerIsToldAndWaitedFor() {
        String webhook =
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                  - name: cost.example.org
                    admissionReviewVersions: [v1]
                    sideEffects: None
                    timeoutSeconds: 1
                    clientConfig: {url: "https://127.0.0.1:1/"}
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                    rules: [{apiGroups: [batch], apiVersions: [v1], operations: [CREATE], resources: [jobs]}]
                """
                        .formatted(namespace);
        try {
            Shell.attempt(webhook, "kubectl", "apply", "-f", "-");
            awaitThatJobsAreAnswered("failed calling webhook");
            create(one("webhook", SCRIPT));
            SweepStatus status = awaitStatus("webhook", now -> now.conditions() != null);
            assertThat(status.state()).isEqualTo(State.PENDING);
            assertThat(condition(status, "Accepted").getReason()).isEqualTo("NotValidated");
            assertThat(condition(status, "Accepted").getMessage())
                    .contains("failed calling webhook \"cost.example.org\"");
        } finally {
            Shell.attempt(webhook, "kubectl", "delete", "-f", "-");
        }
        assertThat(awaitEnd("webhook").state()).isEqualTo(State.COMPLETE);
    }

    /** Refused again and again, and said once. */
    @Test
    void aRefusalIsOneLineInTheLogWithoutAStackTrace() throws InterruptedException {
        long before = stackTraceLines(Operator.log());
        kubectl("create", "quota", "few", "--hard=count/jobs.batch=0");
        create(one("once", SCRIPT));
        awaitTrial("once", status -> "JobRefused".equals(status.reason()));
        Thread.sleep(12_000); // Four more tries.
        String log = Operator.log();
        assertThat(log.lines().filter(line -> line.contains(namespace) && line.contains("JobRefused")))
                .hasSize(1);
        assertThat(stackTraceLines(log)).isEqualTo(before);
    }

    /** A policy or webhook needs a moment to be known to the API server. */
    private void awaitThatJobsAreAnswered(String words) {
        Shell.run(
                "bash",
                "-c",
                "until kubectl create job -n " + namespace + " probe --image=x --dry-run=server 2>&1 | grep -q '"
                        + words + "'; do sleep 0.5; done");
    }

    private static long stackTraceLines(String log) {
        return log.lines().filter(line -> line.startsWith("\tat ")).count();
    }
}
