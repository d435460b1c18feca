import { Tabs } from '@mantine/core';
import { setQuery, useQueryValue } from '../client/scope.ts';
import { FilterField } from '../inbox/filter-field.tsx';
import '../styles/tabs.css';
import { ImageTable } from './image-table.tsx';
import styles from './inventory.module.css';
import { WorkloadTable } from './workload-table.tsx';

/** All that was read: workloads and images. */
export default function InventoryPage() {
  const tab = useQueryValue('tab') === 'images' ? 'images' : 'workloads';
  return (
    <div className={styles.page}>
      <title>Inventory · Breakwater</title>
      <h1>Inventory</h1>
      <Tabs value={tab} onChange={(next) => setQuery({ tab: next ?? '', search: undefined }, { replace: true })}>
        <div className={styles.tools}>
          <Tabs.List className={styles.tabs}>
            <Tabs.Tab value="workloads">Workloads</Tabs.Tab>
            <Tabs.Tab value="images">Images</Tabs.Tab>
          </Tabs.List>
          <FilterField label={tab === 'images' ? 'Filter images' : 'Filter workloads'} />
        </div>
        <Tabs.Panel value="workloads">{tab === 'workloads' && <WorkloadTable />}</Tabs.Panel>
        <Tabs.Panel value="images">{tab === 'images' && <ImageTable />}</Tabs.Panel>
      </Tabs>
    </div>
  );
}
