/**
 * The default trainer. {@link dev.sweeps.trainer.RunGlue} reads the command line, {@link dev.sweeps.trainer.Trainer} is the training
 * loop; the model is {@link dev.sweeps.trainer.model.SequenceClassifier}.
 */
package dev.sweeps.trainer;
