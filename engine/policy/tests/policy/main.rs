//! lz-policy as others see it: against a second evaluator, on generated and published policies, on hostile input.

mod compare;
mod corpus;
mod evaluate;
mod generate;
mod hostile;
mod inherit;
mod slow;
