import { afterAll, beforeAll, expect, test } from "bun:test"
import { ask } from "../../support/migrating.ts"
import { project, runNself } from "../../support/nself.ts"
import { startServer } from "../../support/server.ts"

let url: string
let dir: string
let remove: () => Promise<void>
beforeAll(async () => {
  url = await (await startServer(18)).database()
  ;({ dir, remove } = await project({ "drizzle.config.json": "{}" }))
}, 60_000)
afterAll(() => remove())

const mock = (args: string) => runNself(dir, `db mock ${args}`, { env: { DATABASE_URL: url } })

test("29: mock rows fit cycles, one-to-one, unique columns and checks, or say which one they cannot meet", async () => {
  await ask(url, `
    create table departments (id serial primary key, name text not null unique, head_id uuid);
    create table employees (id uuid primary key, department_id int not null references departments, manager_id uuid references employees, email text not null, badge varchar(8) not null unique, salary numeric(8,2) check (salary between 1000 and 9000));
    create unique index employees_email on employees (lower(email));
    alter table departments add constraint departments_head foreign key (head_id) references employees;
    create table desks (employee_id uuid primary key references employees, floor smallint not null check (floor in (1, 2, 3)), label text not null, unique (floor, label));
    create table skills (code char(3) primary key);
    create table employee_skills (employee_id uuid references employees, skill char(3) references skills, level text not null check (level in ('some', 'much')), primary key (employee_id, skill));
    create table refusals (n int not null constraint no_such_number check (n * n = 2))`)
  expect(await mock("--table departments --table employees --table desks --table skills --count 200 --seed 29")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table employee_skills --count 2000 --seed 29")).toMatchObject({ exit: 0, stderr: "" })
  expect(await ask(url, `select (select count(*)::int from employees) as employees, (select count(head_id)::int from departments) as led, (select count(manager_id) > 100 from employees) as managed,
    (select count(*)::int from desks) as desks, (select count(*)::int from employee_skills) as skills`)).toEqual([{ employees: 200, led: 200, managed: true, desks: 200, skills: 2000 }])
  const refused = await mock("--table refusals --count 3")
  expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining(`meets "no_such_number": CHECK ((n * n) = 2)`) })
  expect(await ask(url, "select from refusals")).toEqual([])
})
