package dev.sweeps.trainer;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sweeps.trainer.torch.TorchMemory;

@AnalyzeClasses(packages = "dev.sweeps.trainer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaCall<?>> A_TENSOR_IS_MADE_OF_JAVA_VALUES = DescribedPredicate.describe(
            "a tensor is made of values of Java's",
            call -> target(owner(assignableTo(NDArray.class))).test(call)
                            && call.getTarget().getRawParameterTypes().stream()
                                    .anyMatch(parameter -> parameter.isEquivalentTo(Number.class))
                    || target(owner(assignableTo(NDManager.class))).test(call)
                            && call.getTarget().getName().equals("create"));

    /** Neither of a number, as in {@code x.mul(0.5f)}, nor of an array; {@link TorchMemory} says why. */
    @ArchTest
    static final ArchRule nothingInAGraphIsMadeOfJavaValues = noClasses()
            .that()
            .doNotBelongToAnyOf(TorchMemory.class)
            .should()
            .callCodeUnitWhere(A_TENSOR_IS_MADE_OF_JAVA_VALUES.forSubtype());
}
