"""Every step of a scale has a shape."""

from assessment.rules.marks import shape_of
from tests.factories.assessment import tree_of


def test_the_shapes_follow_the_order_of_the_scale() -> None:
    framework = tree_of("charter-2017")
    shapes = {step.code: shape_of(framework, step) for step in framework.scale}
    assert shapes == {"met": "met", "partly_met": "partly", "not_met": "not", "not_applicable": "inapplicable"}
