package dev.sweeps.command;

/** How words, environment variables and the interpreter are written where a trial runs. */
public interface ArgumentSyntax {
    /** A Pod. Kubernetes expands $(NAME) in arguments and in the environment, and replaces $$ by $; both are escaped. */
    ArgumentSyntax POD = new ArgumentSyntax() {
        @Override
        public String literal(String word) {
            return word.replace("$", "$$");
        }

        @Override
        public String variable(String name) {
            return "$(" + name + ")";
        }
    };

    /** Escapes text that must arrive unchanged. */
    String literal(String word);

    /** Returns the text that is replaced by the value of an environment variable. */
    String variable(String name);

    /** Returns the command that runs a script. */
    default String interpreter() {
        return "python";
    }
}
