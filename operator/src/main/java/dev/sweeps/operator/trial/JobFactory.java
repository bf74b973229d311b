package dev.sweeps.operator.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.command.ArgumentSyntax;
import dev.sweeps.command.ParametersJson;
import dev.sweeps.command.ProgramParameters;
import dev.sweeps.command.TrialCommand;
import dev.sweeps.command.TrialEnvironment;
import dev.sweeps.command.WandbConfig;
import dev.sweeps.operator.OperatorConfiguration;
import dev.sweeps.operator.cluster.Owned;
import dev.sweeps.plan.DurationText;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFileBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRuleBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Makes the Job of a trial. The same sweep and trial give the same Job, whoever asks and whenever. */
@ApplicationScoped
public class JobFactory {
    /** A user and group that own no files, as in distroless images ("nonroot"). */
    private static final long NOBODY = 65532L;

    /** Working directory of the default trainer. Data and models are mounted below it. */
    private static final String WORKING_DIRECTORY = "/workspace";

    /** Name of the volume with the parameters as files. */
    private static final String PARAMETERS = "sweep-parameters";

    /** Maximum bytes of all annotations of an object. */
    private static final int MAX_ANNOTATIONS = 262_144;

    private static final ObjectMapper JSON = new JsonMapper();

    private final OperatorConfiguration configuration;

    public JobFactory(OperatorConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * The Job of a trial: create-only, of the trial's own name. It is kept as JSON, because the sweep's pod template may hold fields that
     * the Java model does not know, and because whether it is right is for the API server to say.
     */
    public GenericKubernetesResource job(Sweep sweep, Trial trial) {
        Map<String, String> labels = Map.of(
                Api.SWEEP_LABEL, sweep.getMetadata().getName(),
                Api.TRIAL_LABEL, trial.getMetadata().getName());
        Job job = new JobBuilder()
                .withNewMetadata()
                .withName(trial.getMetadata().getName())
                .withNamespace(trial.getMetadata().getNamespace())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(sweep.getSpec().retries())
                // A replacement starts when the old Pod is gone, because two Pods of one trial would overwrite each
                // other's files.
                .withPodReplacementPolicy("Failed")
                .withNewPodFailurePolicy()
                .addNewRule()
                // A drained node or a preemption is no failure of the trial and uses up no retry.
                .withAction("Ignore")
                .addNewOnPodCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .endOnPodCondition()
                .endRule()
                .endPodFailurePolicy()
                .endSpec()
                .build();
        if (trial.getMetadata().getUid() != null) {
            job.getMetadata().setOwnerReferences(List.of(Owned.by(trial)));
        }
        if (TrialCommand.runsDefaultTrainer(sweep.getSpec())) {
            job.getSpec().getPodFailurePolicy().getRules().add(wouldComeAgain());
        }
        ObjectNode json = JSON.valueToTree(job);
        ((ObjectNode) json.get("spec")).set("template", template(sweep, trial, labels));
        return JSON.convertValue(json, GenericKubernetesResource.class);
    }

    /** Fails the Job at once for exit codes of the default trainer that another attempt would repeat. */
    private static PodFailurePolicyRule wouldComeAgain() {
        return new PodFailurePolicyRuleBuilder()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(Api.TRAINER_CONTAINER)
                .withOperator("In")
                .withValues(TrialCommand.FINAL_EXIT_CODES)
                .endOnExitCodes()
                .build();
    }

    private ObjectNode template(Sweep sweep, Trial trial, Map<String, String> labels) {
        ObjectNode ours = JSON.valueToTree(defaultTemplate(sweep, trial));
        ObjectNode template = sweep.getSpec().template() == null
                ? ours
                : PodTemplateMerge.merge(ours, JSON.valueToTree(sweep.getSpec().template()));
        DurationText.parse(sweep.getSpec().trialTimeout())
                .ifPresent(timeout -> template.withObject("/spec").put("activeDeadlineSeconds", timeout.toSeconds()));
        addEnvironment(template, environment(sweep, trial));
        addFiles(template, files(sweep.getSpec(), trial.getSpec()));
        // The operator finds its Pods by these labels, so a template cannot change them.
        ObjectNode podLabels = template.withObject("/metadata/labels");
        labels.forEach(podLabels::put);
        return template;
    }

    private static List<EnvVar> environment(Sweep sweep, Trial trial) {
        return TrialEnvironment.of(
                        sweep.getMetadata().getName(),
                        trial.getMetadata().getName(),
                        sweep.getSpec(),
                        trial.getSpec(),
                        ArgumentSyntax.POD)
                .entrySet()
                .stream()
                .map(variable -> new EnvVarBuilder()
                        .withName(variable.getKey())
                        .withValue(variable.getValue())
                        .build())
                .toList();
    }

    /** Adds the parameters to the containers beside the trainer. Their own variables come later and take precedence. */
    private static void addEnvironment(ObjectNode template, List<EnvVar> environment) {
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : template.at("/spec/" + list)) {
                boolean isOther = container instanceof ObjectNode
                        && !Api.TRAINER_CONTAINER.equals(container.path("name").asText());
                boolean isList = container.path("env").isMissingNode()
                        || container.path("env").isArray();
                if (isOther && isList) {
                    ArrayNode all = JSON.valueToTree(environment);
                    Set<String> own = new TreeSet<>();
                    container
                            .path("env")
                            .forEach(variable -> own.add(variable.path("name").asText()));
                    ArrayNode merged = JSON.createArrayNode();
                    all.forEach(variable -> {
                        if (!own.contains(variable.path("name").asText())) {
                            merged.add(variable);
                        }
                    });
                    container.path("env").forEach(merged::add);
                    ((ObjectNode) container).set("env", merged);
                }
            }
        }
    }

    /** Returns a Pod that Pod Security "restricted" admits and that needs no service account. */
    private PodTemplateSpec defaultTemplate(Sweep sweep, Trial trial) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(NOBODY)
                .withRunAsGroup(NOBODY)
                .withFsGroup(NOBODY)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(trainer(sweep, trial).build())
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .build();
    }

    private ContainerBuilder trainer(Sweep sweep, Trial trial) {
        SweepSpec spec = sweep.getSpec();
        ContainerBuilder trainer = new ContainerBuilder()
                .withName(Api.TRAINER_CONTAINER)
                // If a failed trial leaves no message, the last lines of its log take its place.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount();
        // Python buffers its output, but metrics are read while a trial runs.
        trainer.addNewEnv().withName("PYTHONUNBUFFERED").withValue("1").endEnv();
        environment(sweep, trial).forEach(trainer::addToEnv);
        if (sweep.getSpec().gpu().count() > 0) {
            Quantity count = new Quantity(sweep.getSpec().gpu().count().toString());
            trainer.addNewEnv()
                    .withName(TrialEnvironment.GPUS)
                    .withValue(count.getAmount())
                    .endEnv();
            trainer.withNewResources()
                    .addToLimits(sweep.getSpec().gpu().resourceName(), count)
                    .endResources();
        }
        boolean hasWandbFile = files(spec, trial.getSpec()).stream()
                .anyMatch(file -> file.annotation().equals(Api.WANDB_ANNOTATION));
        if (hasWandbFile) {
            // The content of envFrom is not known here.
            boolean decided = TrialCommand.trainerHas(spec, "envFrom")
                    || WandbConfig.decides(TrialCommand.trainerEnvironment(spec));
            WandbConfig.environment(TrialCommand.WANDB_FILE, decided)
                    .forEach((name, value) -> trainer.addToEnv(
                            new EnvVarBuilder().withName(name).withValue(value).build()));
        }
        if (TrialCommand.runsDefaultTrainer(sweep.getSpec())) {
            trainer.withImage(configuration.trainer().image())
                    .withImagePullPolicy(configuration.trainer().imagePullPolicy())
                    .withWorkingDir(WORKING_DIRECTORY)
                    .editSecurityContext()
                    .withReadOnlyRootFilesystem(true)
                    .endSecurityContext();
            if (!limitsCpu(sweep)) {
                // Decision 15: without a limit there is a thread for each core of the node, and waiting threads would
                // keep the cores busy.
                trainer.addNewEnv()
                        .withName("OMP_WAIT_POLICY")
                        .withValue("PASSIVE")
                        .endEnv();
            }
        }
        if (!files(spec, trial.getSpec()).isEmpty()) {
            trainer.addNewVolumeMount()
                    .withName(PARAMETERS)
                    .withMountPath(Path.of(TrialCommand.JSON_FILE).getParent().toString())
                    .withReadOnly(true)
                    .endVolumeMount();
        }
        TrialCommand command = TrialCommand.of(spec);
        List<String> words = command.words(ProgramParameters.of(spec, trial.getSpec()));
        return switch (command.form()) {
            case ARGUMENTS -> trainer.withArgs(words);
            case COMMAND -> trainer.withCommand(words);
        };
    }

    /**
     * A file with the parameters. It is an annotation of the Pod: there is no other object to make, to own and to read.
     *
     * @param path where the program finds it
     */
    private record ParametersFile(String annotation, String path, String content) {}

    /** Returns the files for the program: those that its command line asks for, and that of the wandb library. */
    private static List<ParametersFile> files(SweepSpec spec, TrialSpec point) {
        SortedMap<String, ParameterValue> handed = ProgramParameters.of(spec, point);
        List<ParametersFile> files = new ArrayList<>();
        if (TrialCommand.of(spec).line().wantsJsonFile()) {
            files.add(new ParametersFile(Api.PARAMETERS_ANNOTATION, TrialCommand.JSON_FILE, ParametersJson.of(handed)));
        }
        boolean bothFit = ParametersJson.of(handed).length() < MAX_ANNOTATIONS / 3;
        if (!TrialCommand.runsDefaultTrainer(spec) && (files.isEmpty() || bothFit)) {
            files.add(new ParametersFile(Api.WANDB_ANNOTATION, TrialCommand.WANDB_FILE, WandbConfig.of(handed)));
        }
        return files;
    }

    private static void addFiles(ObjectNode template, List<ParametersFile> files) {
        if (files.isEmpty()) {
            return;
        }
        List<DownwardAPIVolumeFile> items = new ArrayList<>();
        for (ParametersFile file : files) {
            template.withObject("/metadata/annotations").put(file.annotation(), file.content());
            items.add(new DownwardAPIVolumeFileBuilder()
                    .withPath(Path.of(file.path()).getFileName().toString())
                    .withNewFieldRef()
                    .withFieldPath("metadata.annotations['" + file.annotation() + "']")
                    .endFieldRef()
                    .build());
        }
        template.withArray("/spec/volumes")
                .add(JSON.<ObjectNode>valueToTree(new VolumeBuilder()
                        .withName(PARAMETERS)
                        .withNewDownwardAPI()
                        .withItems(items)
                        .endDownwardAPI()
                        .build()));
    }

    private static boolean limitsCpu(Sweep sweep) {
        for (JsonNode container : JSON.valueToTree(sweep.getSpec().template()).at("/spec/containers")) {
            if (container.path("name").asText().equals(Api.TRAINER_CONTAINER)) {
                return container.at("/resources/limits").has("cpu");
            }
        }
        return false;
    }
}
