package dev.sweeps.api.v1alpha1;

/** Names that belong to the whole API. */
public final class Api {
    public static final String GROUP = "sweeps.dev";
    public static final String VERSION = "v1alpha1";

    /** Label of every Trial, Job and Pod of a sweep: the name of the Sweep. */
    public static final String SWEEP_LABEL = "sweeps.dev/sweep";

    /** Label of every Job and Pod of a trial: the name of the Trial. */
    public static final String TRIAL_LABEL = "sweeps.dev/trial";

    /** Name of the container whose log and termination message are read. */
    public static final String TRAINER_CONTAINER = "trainer";

    /** Annotation of a Pod with the file of parameters, if the command line uses it. */
    public static final String PARAMETERS_ANNOTATION = "sweeps.dev/parameters";

    /** Annotation of a Pod with the file that the wandb library reads, for programs of the user. */
    public static final String WANDB_ANNOTATION = "sweeps.dev/wandb-config";

    /** Annotation of a Trial that must end early: the reason, one word. */
    public static final String STOP_ANNOTATION = "sweeps.dev/stop";

    /** Annotation of the same Trial: the reason, a sentence. */
    public static final String STOP_MESSAGE_ANNOTATION = "sweeps.dev/stop-message";

    private Api() {}
}
