package dev.sweeps.api.v1alpha1;

/** Names that belong to the API as a whole. */
public final class Api {
    public static final String GROUP = "sweeps.dev";
    public static final String VERSION = "v1alpha1";

    /** On every Trial, Job and Pod of a sweep: the name of the Sweep. */
    public static final String SWEEP_LABEL = "sweeps.dev/sweep";

    /** On every Job and Pod of a trial: the name of the Trial. */
    public static final String TRIAL_LABEL = "sweeps.dev/trial";

    /** The container of a trial's Pod whose log and termination message are read. */
    public static final String TRAINER_CONTAINER = "trainer";

    /** On a Pod whose command line asks for a file with its parameters: that file. */
    public static final String PARAMETERS_ANNOTATION = "sweeps.dev/parameters";

    /** On a Pod that runs a program of the user's: the file that the library of Weights and Biases reads. */
    public static final String WANDB_ANNOTATION = "sweeps.dev/wandb-config";

    /** On a Trial that is to end before its time: why, a word. */
    public static final String STOP_ANNOTATION = "sweeps.dev/stop";

    /** On the same Trial: why, a sentence. */
    public static final String STOP_MESSAGE_ANNOTATION = "sweeps.dev/stop-message";

    private Api() {}
}
