from interview.cli.main import run

run()
