"""boto3 and the AWS CLI walk through every operation that the twin has; every answer fits botocore's model."""

import unittest

from . import model
from .callers import Boto, Cli
from .twin import TwinCase
from .walk import Walk


def every_operation(cls):
    """Adds a test for each operation of the models, so that a forgotten one fails by its name."""
    for service, operation in model.operations():

        def answers_as_modelled(self, key=(service, operation)):
            self.assertGreater(self.log.answered[key], 0, "the walk has not called it with success")
            self.assertEqual(self.log.problems[key], [])

        name = f"test_{service}_{operation}_answers_as_modelled"
        answers_as_modelled.__name__ = name
        setattr(cls, name, answers_as_modelled)
    return cls


class WalkCase(TwinCase):
    """Walks once, then asks the log about each operation."""

    @classmethod
    def walk(cls, call):
        cls.log = call.log
        Walk(unittest.TestCase(), call).all()


@every_operation
class Boto3(WalkCase):
    """The whole walk with boto3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walk(Boto(cls.twin.endpoint))

    def test_no_operation_beyond_the_documented_list_is_walked(self):
        self.assertEqual(set(self.log.answered) - set(model.operations()), set())

    def test_a_left_out_operation_is_refused_as_unknown(self):
        call = Boto(self.twin.endpoint)
        for service, operations in model.LEFT_OUT.items():
            for operation in sorted(operations):
                with self.subTest(service=service, operation=operation):
                    self.assertIn(
                        unknown(call, service, operation), ("UnknownOperationException", "InvalidAction")
                    )
        self.assertEqual([odd for odds in call.log.problems.values() for odd in odds], [])


@every_operation
class AwsCli(WalkCase):
    """The whole walk with the AWS CLI."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cli = Cli(cls.twin.endpoint)
        cls.addClassCleanup(cli.close)
        cls.walk(cli)


def unknown(call: Boto, service: str, operation: str) -> str:
    """Returns the code that an operation is refused with."""
    from .callers import Refused

    try:
        call(service, operation)
    except Refused as refused:
        return refused.code
    return "none"


if __name__ == "__main__":
    unittest.main()
