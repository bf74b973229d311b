package dev.sweeps.trainer.hub;

import java.util.Optional;

/** {@code FetchModel ID}: a process that fetches a model as the environment says, and prints its folder. */
final class FetchModel {
    private FetchModel() {}

    public static void main(String[] words) {
        System.out.println(new Hub(HubSettings.of(System.getenv(), Optional.empty()), System.err::println)
                .model(words[0], "main"));
    }
}
