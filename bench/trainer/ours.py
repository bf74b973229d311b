"""Our trainer as a process, started as its image starts it."""
import os

JAVA = ["java", "-Xmx1g", "-Xmn32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]


def environment(natives):
    return os.environ | {
        "DJL_OFFLINE": "true", "OPT_OUT_TRACKING": "true", "RUST_FLAVOR": "cpu", "PYTORCH_LIBRARY_PATH": natives + "/pytorch",
        "PYTORCH_VERSION": "2.7.1", "PYTORCH_FLAVOR": "cpu", "RUST_LIBRARY_PATH": natives + "/tokenizers/libtokenizers.so",
    }


def command(classpath, *arguments):
    return [*JAVA, "-cp", classpath, "dev.sweeps.trainer.RunGlue", *arguments]
