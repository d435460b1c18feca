import { Tabs } from '@mantine/core';
import { ProfileTable } from '../behaviour/profile-table.tsx';
import { setQuery, useQueryValue } from '../client/scope.ts';
import { ClustersTab } from '../clusters/clusters-tab.tsx';
import { FilterField } from '../inbox/filter-field.tsx';
import { RegistriesTab } from '../registries/registries-tab.tsx';
import '../styles/tabs.css';
import { ImageTable } from './image-table.tsx';
import styles from './inventory.module.css';
import { WorkloadTable } from './workload-table.tsx';

/** What the filter of each tab is called; empty where there is none. */
const FILTERS = {
  workloads: 'Filter workloads',
  images: 'Filter images',
  registries: 'Filter tags',
  clusters: '',
  behaviour: 'Filter profiles',
};
const NARROWING = { search: undefined, registry: undefined, tags: undefined, sort: undefined };

/** All that was read: workloads and images, what registries hold, and how live clusters stand. */
export default function InventoryPage() {
  const wanted = useQueryValue('tab');
  const tab = isTab(wanted) ? wanted : 'workloads';
  return (
    <div className={styles.page}>
      <title>Inventory · Breakwater</title>
      <h1>Inventory</h1>
      <Tabs value={tab} onChange={(next) => setQuery({ ...NARROWING, tab: next ?? '' }, { replace: true })}>
        <div className={styles.tools}>
          <Tabs.List className={styles.tabs}>
            <Tabs.Tab value="workloads">Workloads</Tabs.Tab>
            <Tabs.Tab value="images">Images</Tabs.Tab>
            <Tabs.Tab value="behaviour">Behaviour</Tabs.Tab>
            <Tabs.Tab value="registries">Registries</Tabs.Tab>
            <Tabs.Tab value="clusters">Clusters</Tabs.Tab>
          </Tabs.List>
          {FILTERS[tab] !== '' && <FilterField label={FILTERS[tab]} />}
        </div>
        <Tabs.Panel value="workloads">{tab === 'workloads' && <WorkloadTable />}</Tabs.Panel>
        <Tabs.Panel value="images">{tab === 'images' && <ImageTable />}</Tabs.Panel>
        <Tabs.Panel value="behaviour">{tab === 'behaviour' && <ProfileTable />}</Tabs.Panel>
        <Tabs.Panel value="registries">{tab === 'registries' && <RegistriesTab />}</Tabs.Panel>
        <Tabs.Panel value="clusters">{tab === 'clusters' && <ClustersTab />}</Tabs.Panel>
      </Tabs>
    </div>
  );
}

function isTab(name: string | undefined): name is keyof typeof FILTERS {
  return name !== undefined && Object.hasOwn(FILTERS, name);
}
