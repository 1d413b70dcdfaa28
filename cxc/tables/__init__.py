"""Tables in, verdicts out, in the order of the rows. It knows neither what a rule says nor how a report looks."""
