"""The shape a step of any framework's scale is drawn with, beside its word."""

from assessment.rules.framework_tree import Framework, Step


def shape_of(framework: Framework, step: Step) -> str:
    """One of "met", "partly", "not" (the lowest step that has an order) and "inapplicable"."""
    if step.not_applicable:
        return "inapplicable"
    if step.met:
        return "met"
    order = [each for each in framework.scale if not each.not_applicable]
    return "not" if step is order[-1] else "partly"
