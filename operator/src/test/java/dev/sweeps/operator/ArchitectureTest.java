package dev.sweeps.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.sweeps.operator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule trialsKnowNothingOfSweepReconciliation = noClasses()
            .that()
            .resideInAPackage("..operator.trial..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..operator.sweep..");

    @ArchTest
    static final ArchRule whatReconcilesKnowsNothingOfTheDashboard = noClasses()
            .that()
            .resideOutsideOfPackage("..operator.web..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..operator.web..");

    @ArchTest
    static final ArchRule whatBothUseKnowsNeither = noClasses()
            .that()
            .resideInAPackage("..operator.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..operator.sweep..", "..operator.trial..");

    @ArchTest
    static final ArchRule statusesAreMadeWithoutACluster = noClasses()
            .that()
            .resideInAPackage("..operator.status..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..operator.cluster..",
                    "..operator.sweep..",
                    "..operator.trial..",
                    "io.fabric8.kubernetes.client..");

    /** Plans, observations and statuses are decided without asking the cluster. */
    @ArchTest
    static final ArchRule decisionsArePure = noClasses()
            .that()
            .haveSimpleNameEndingWith("Factory")
            .or()
            .haveSimpleNameEndingWith("Plan")
            .or()
            .haveSimpleNameEndingWith("Observation")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("KubernetesClient");
}
