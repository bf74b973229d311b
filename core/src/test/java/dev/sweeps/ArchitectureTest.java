package dev.sweeps;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = {
            "dev.sweeps.search",
            "dev.sweeps.command",
            "dev.sweeps.metrics",
            "dev.sweeps.results",
            "dev.sweeps.report",
            "dev.sweeps.analysis",
            "dev.sweeps.validation"
        },
        importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** The API types bring fabric8's annotations along; that nothing else of it gets in is kept here. */
    @ArchTest
    static final ArchRule noKubernetesClientAndNoFramework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.quarkus..", "io.javaoperatorsdk..", "jakarta..");

    @ArchTest
    static final ArchRule packagesDoNotDependOnEachOtherInCircles =
            slices().matching("dev.sweeps.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule searchKnowsNothingOfCommands = noClasses()
            .that()
            .resideInAnyPackage("dev.sweeps.search..", "dev.sweeps.metrics..", "dev.sweeps.analysis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sweeps.command..", "dev.sweeps.validation..");
}
