import { dataset } from '../../../src/check/kinds/dataset.ts';
import type { Observation } from '../../../src/observe/types.ts';
import { describeKind } from './describe-kind.ts';
import { aFolder, INVENTORY_SQL, textFile } from './healthy.ts';

const sql = (text: string) => ({
  change: (observation: Observation) => {
    observation.files['inventory.sql'] = textFile(text);
  },
});

const INSERTS = INVENTORY_SQL.slice(INVENTORY_SQL.indexOf('INSERT'));

describeKind(dataset, {
  raw: {
    dataset: 'inventory.sql',
    table: 'inventory',
    columns: ['productId', 'productName', 'quantity', 'lastUpdated'],
    rows: [
      [101, 'QuantumWidget', 100],
      [102, 'HyperSpanner', 75],
      [103, 'FluxCapacitor', 50],
    ],
  },
  stage: 'files',
  passes: {
    'as documented': {},
    'one INSERT a row, in another order of columns, with schema and comments': sql(
      `
      \\c appdb
      /* the table; with ) and ; in a comment */
      create table if not exists PUBLIC.Inventory (productid int, productname text default 'a;b)', quantity int,
        lastupdated timestamp default now(), primary key (productid), CONSTRAINT q CHECK (quantity >= 0)); -- done; (
      insert into public.inventory (quantity, productname, productid) values (100, 'QuantumWidget', 101);
      INSERT INTO "inventory" (productid, quantity, productname) VALUES (102, +75, 'HyperSpanner'::varchar(255)) ON CONFLICT DO NOTHING;
      INSERT INTO inventory (productid, quantity, productname) VALUES (103, 50, E'FluxCapacitor') RETURNING *;`.replace(
        '+75',
        '75',
      ),
    ),
    'without a list of columns, in a transaction, with more rows': sql(
      `\ufeffBEGIN;\r\n${INVENTORY_SQL.replace(/\(productId, productName, quantity, lastUpdated\)/, '').replace(/\n/g, '\r\n')}
       INSERT INTO inventory VALUES (104, 'It''s', 1, now()); SELECT $$;$$; COMMIT;`,
    ),
  },
  troubles: {
    'no file': { stage: 'nothing', mistake: 'file-missing' },
    'a folder': {
      change: (observation) => {
        observation.files['inventory.sql'] = aFolder();
      },
      mistake: 'file-is-folder',
    },
    'too large': {
      change: (observation) => {
        observation.files['inventory.sql'] = textFile('', { text: null });
      },
      state: 'error',
      mistake: null,
    },
    'no table': { ...sql(INSERTS), mistake: 'dataset-incomplete', saw: /no CREATE TABLE/ },
    'the table only in a comment': {
      ...sql(INVENTORY_SQL.replace('CREATE', '-- CREATE')),
      mistake: 'dataset-incomplete',
    },
    'another table': {
      ...sql(INVENTORY_SQL.replace('TABLE inventory', 'TABLE stock')),
      mistake: 'dataset-incomplete',
    },
    'a column is missing': {
      ...sql(INVENTORY_SQL.replace('quantity INT,', '')),
      mistake: 'dataset-incomplete',
      saw: /no column quantity/,
    },
    'a column in quotes keeps its capitals': {
      ...sql(INVENTORY_SQL.replaceAll('productId', '"productId"')),
      mistake: 'dataset-incomplete',
      saw: /double quotes/,
    },
    'no rows': {
      ...sql(INVENTORY_SQL.replace(INSERTS, 'INSERT INTO inventory SELECT 1;')),
      mistake: 'dataset-incomplete',
    },
    'another quantity': {
      ...sql(INVENTORY_SQL.replace('75', '57')),
      mistake: 'dataset-incomplete',
      saw: /no INSERT of \(102, HyperSpanner, 75\)$/,
    },
    'cut off in the middle': {
      ...sql(INVENTORY_SQL.slice(0, -40)),
      mistake: 'dataset-incomplete',
      saw: /FluxCapacitor/,
    },
  },
});
