package dev.sweeps.command;

/** How words, environment variables and the interpreter are written where a trial runs. */
public interface Place {
    /** In a Pod: Kubernetes expands $(NAME) in arguments and in the environment, and takes $$ for $. What is written arrives as written. */
    Place POD = new Place() {
        @Override
        public String literal(String word) {
            return word.replace("$", "$$");
        }

        @Override
        public String variable(String name) {
            return "$(" + name + ")";
        }
    };

    /** Text that is to arrive as it is. */
    String literal(String word);

    /** What stands for the value of an environment variable. */
    String variable(String name);

    /** What runs a program that is text. */
    default String interpreter() {
        return "python";
    }
}
